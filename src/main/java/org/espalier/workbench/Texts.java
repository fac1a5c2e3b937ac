package org.espalier.workbench;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.HeldOutSplit;
import org.espalier.corpus.Instructions;
import org.espalier.corpus.SampleModel;
import org.espalier.corpus.TokenWindows;
import org.espalier.corpus.Tokenizer;
import org.espalier.corpus.TrainingExamples;
import org.espalier.task.EspalierException;

/** Turns requests for text into token windows of an open model. */
final class Texts {
  private final Sample sample;

  Texts(Sample sample) {
    this.sample = sample;
  }

  Calibration calibration(OpenModel model, boolean isSample, CalibrationRequest request) {
    Path file = request.file().orElseGet(() -> own(isSample, "calibration").calibrationText());
    Corpus corpus = Corpus.read(file, model.decoder().config().vocabularySize());
    Tokenizer tokenizer =
        corpus.windows().isPresent() ? null : model.requireTokenizer("calibration on text");
    requireReadable(model, request.window());
    Calibration calibration =
        Calibration.of(
            corpus, tokenizer, count(request.samples()), count(request.window()), request.seed());
    requireReadable(model, calibration.windows());
    return calibration;
  }

  /**
   * A calibration text in two parts: windows to calibrate on, and at most so many to judge with.
   */
  HeldOutSplit heldOut(OpenModel model, boolean isSample, CalibrationRequest request, int judging) {
    Path file = request.file().orElseGet(() -> own(isSample, "calibration").calibrationText());
    Corpus corpus = Corpus.read(file, model.decoder().config().vocabularySize());
    Tokenizer tokenizer =
        corpus.windows().isPresent() ? null : model.requireTokenizer("calibration on text");
    requireReadable(model, request.window());
    HeldOutSplit split =
        HeldOutSplit.of(
            corpus,
            tokenizer,
            count(request.samples()),
            count(request.window()),
            request.seed(),
            judging);
    requireReadable(model, split.pool().windows());
    requireReadable(model, split.heldOut());
    return split;
  }

  Evaluation evaluation(OpenModel model, boolean isSample, EvaluationRequest request) {
    Path file = request.file().orElseGet(() -> own(isSample, "evaluation").evaluationText());
    Corpus corpus = Corpus.read(file, model.decoder().config().vocabularySize());
    boolean ready = corpus.windows().isPresent();
    Tokenizer tokenizer = ready ? null : model.requireTokenizer("evaluation on text");
    int window = request.window() > 0 ? request.window() : defaultWindow(corpus, model);
    requireReadable(model, window);
    TokenWindows windows = corpus.evaluationWindows(tokenizer, window);
    if (request.maxWindows() > 0 && request.maxWindows() < windows.count()) {
      windows = windows.first(request.maxWindows());
    }
    requireReadable(model, windows);
    return new Evaluation(corpus.source(), windows, bos(ready, tokenizer));
  }

  /** What a run learns from: windows of a text, or instructions. */
  TrainingExamples training(OpenModel model, boolean isSample, RecoveryRequest request) {
    int cutoff = Math.min(request.settings().cutoff(), model.decoder().config().maximumPositions());
    if (request.kind() == RecoveryRequest.Kind.INSTRUCTIONS) {
      Path file =
          request
              .file()
              .orElseThrow(
                  () -> new EspalierException("Choose a file of instructions to learn from."));
      Instructions instructions = Instructions.read(file);
      return TrainingExamples.of(
          instructions, model.requireTokenizer("training on instructions"), cutoff);
    }
    Path file = request.file().orElseGet(() -> own(isSample, "training").calibrationText());
    Corpus corpus = Corpus.read(file, model.decoder().config().vocabularySize());
    Tokenizer tokenizer =
        corpus.windows().isPresent() ? null : model.requireTokenizer("training on text");
    int window = corpus.windows().map(ready -> Math.min(ready.length(), cutoff)).orElse(cutoff);
    TokenWindows windows = corpus.evaluationWindows(tokenizer, window);
    requireReadable(model, windows);
    return TrainingExamples.of(corpus.source(), windows);
  }

  private static void requireReadable(OpenModel model, int window) {
    int positions = model.decoder().config().maximumPositions();
    if (window > positions) {
      throw new EspalierException(
          "Windows of "
              + window
              + " tokens are longer than the "
              + positions
              + " positions that "
              + model.checkpoint().folder()
              + " was made for (max_position_embeddings); choose a shorter window.");
    }
  }

  /** A tokenizer that belongs to another model may give ids that this one does not have. */
  private static void requireReadable(OpenModel model, TokenWindows windows) {
    requireReadable(model, windows.length());
    int vocabulary = model.decoder().config().vocabularySize();
    int largest = windows.largestId();
    if (largest >= vocabulary) {
      throw new EspalierException(
          "The tokenizer of "
              + model.checkpoint().folder()
              + " gives id "
              + largest
              + ", but the model's vocabulary ends at "
              + (vocabulary - 1)
              + "; use the tokenizer of this checkpoint.");
    }
  }

  private static int defaultWindow(Corpus corpus, OpenModel model) {
    return corpus
        .windows()
        .map(TokenWindows::length)
        .orElse(
            Math.min(
                EvaluationRequest.DEFAULT_WINDOW, model.decoder().config().maximumPositions()));
  }

  private static String bos(boolean ready, Tokenizer tokenizer) {
    if (ready) {
      return "ready windows, nothing added";
    }
    return tokenizer.beginOfSequence().isPresent() ? "one BOS at the start of the text" : "no BOS";
  }

  private static OptionalInt count(int wanted) {
    return wanted > 0 ? OptionalInt.of(wanted) : OptionalInt.empty();
  }

  private SampleModel own(boolean isSample, String purpose) {
    if (!isSample) {
      throw new EspalierException(
          "This checkpoint brings no text of its own: choose a text for "
              + purpose
              + " (plain text, JSONL with a text field, or token windows as .json).");
    }
    return sample.model();
  }

  /**
   * Windows to evaluate on.
   *
   * @param source name of the text
   * @param bos the BOS rule in words
   */
  record Evaluation(String source, TokenWindows windows, String bos) {}
}
