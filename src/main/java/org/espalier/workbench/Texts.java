package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.corpus.BosRule;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.HeldOutSplit;
import org.espalier.corpus.Instructions;
import org.espalier.corpus.TokenWindows;
import org.espalier.corpus.Tokenizer;
import org.espalier.corpus.TrainingExamples;
import org.espalier.evaluation.TextProtocol;
import org.espalier.recovery.sample.SampleText;
import org.espalier.task.EspalierException;
import org.espalier.workspace.TextPlaces;

/** Turns requests for text into token windows of an open model. */
final class Texts {
  /** Stories that a recovery of the sample model learns from; more than a short one can read. */
  private static final int STORIES = 8000;

  private final Sample sample;
  private final TextPlaces places;

  /**
   * @param places keeps where calibration texts were read
   */
  Texts(Sample sample, TextPlaces places) {
    this.sample = sample;
    this.places = places;
  }

  Calibration calibration(OpenModel model, boolean isSample, CalibrationRequest request) {
    Path file = request.file().orElseGet(() -> sample.model().calibrationText());
    Corpus corpus = calibrationText(model, isSample, request, file);
    Tokenizer tokenizer =
        corpus.windows().isPresent() ? null : model.requireTokenizer("calibration on text");
    requireReadable(model, request.window());
    Calibration calibration =
        Calibration.of(
            corpus, tokenizer, count(request.samples()), count(request.window()), request.seed());
    requireReadable(model, calibration.windows());
    places.keep(calibration.description(), file);
    return calibration;
  }

  /**
   * A calibration text in two parts: windows to calibrate on, and at most so many to judge with.
   */
  HeldOutSplit heldOut(OpenModel model, boolean isSample, CalibrationRequest request, int judging) {
    Path file = request.file().orElseGet(() -> sample.model().calibrationText());
    Corpus corpus = calibrationText(model, isSample, request, file);
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
    places.keep(split.pool().description(), file);
    requireReadable(model, split.heldOut());
    return split;
  }

  private static Corpus calibrationText(
      OpenModel model, boolean isSample, CalibrationRequest request, Path file) {
    Corpus corpus = Corpus.read(file, model.decoder().config().vocabularySize());
    return request.file().isPresent() ? corpus : told("Espalier's stories", corpus, isSample);
  }

  /** A name by which the stories are known where no sample model is in sight. */
  private static Corpus told(String name, Corpus stories, boolean isSample) {
    return isSample ? stories : new Corpus(name, stories.rows(), stories.windows());
  }

  Evaluation evaluation(OpenModel model, boolean isSample, EvaluationRequest request) {
    TextProtocol rules = TextProtocol.named(request.protocol());
    Corpus corpus = evaluationText(model, rules, isSample, request);
    boolean ready = corpus.windows().isPresent();
    Tokenizer tokenizer = ready ? null : model.requireTokenizer("evaluation on text");
    int window = window(corpus, model, request.window());
    requireReadable(model, window);
    TokenWindows windows =
        corpus.evaluationWindows(
            tokenizer,
            window,
            rules.separator(),
            request.bos(),
            model.decoder().config().beginOfText());
    String source = rules.nameOf(corpus);
    if (rules.mostWindows() > 0 && rules.mostWindows() < windows.count()) {
      windows = windows.first(rules.mostWindows());
    }
    if (request.goodEnough() > 0) {
      windows = windows.shuffled(request.seed());
      source = source + ", windows in random order";
    }
    if (request.maxWindows() > 0 && request.maxWindows() < windows.count()) {
      windows = windows.first(request.maxWindows());
    }
    requireReadable(model, windows);
    return new Evaluation(source, windows, bos(ready, tokenizer, request.bos()));
  }

  /** What was asked for, the protocol's own text, or the stories that come along. */
  private Corpus evaluationText(
      OpenModel model, TextProtocol rules, boolean isSample, EvaluationRequest request) {
    int vocabulary = model.decoder().config().vocabularySize();
    if (request.file().isEmpty() && rules.files().isEmpty()) {
      return told(
          "Espalier's held-out stories",
          rules.read(sample.model().evaluationText(), vocabulary),
          isSample);
    }
    return rules.read(request.file().orElseGet(() -> found(rules, request.folder())), vocabulary);
  }

  /** The protocol's own text where its folder has it. */
  private static Path found(TextProtocol rules, Optional<Path> folder) {
    String names = String.join(" or ", rules.files());
    if (folder.isEmpty()) {
      throw new EspalierException(
          rules.title() + " needs its text: name the file, or a folder that holds " + names + ".");
    }
    return rules
        .find(folder.get())
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no "
                        + names
                        + " in "
                        + folder.get()
                        + ", which "
                        + rules.title()
                        + " needs; add the file or choose another folder."));
  }

  private static int window(Corpus corpus, OpenModel model, int wanted) {
    if (wanted == EvaluationRequest.MODEL_WINDOW) {
      return model.decoder().config().maximumPositions();
    }
    return wanted > 0 ? wanted : defaultWindow(corpus, model);
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
    Corpus corpus =
        request
            .file()
            .map(file -> Corpus.read(file, model.decoder().config().vocabularySize()))
            .orElseGet(() -> stories(isSample));
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

  private static String bos(boolean ready, Tokenizer tokenizer, BosRule rule) {
    if (ready) {
      return "ready windows, nothing added";
    }
    boolean added =
        rule == BosRule.ALWAYS
            || (rule == BosRule.TOKENIZER && tokenizer.beginOfSequence().isPresent());
    return (added ? BosRule.ALWAYS : BosRule.NONE).words();
  }

  /** As text that says it wherever the program is started; empty for none. */
  static String wholePath(Optional<Path> path) {
    return path.map(given -> given.toAbsolutePath().normalize().toString()).orElse("");
  }

  /** Back from {@link #wholePath}. */
  static Optional<Path> path(String whole) {
    return whole.isEmpty() ? Optional.empty() : Optional.of(Path.of(whole));
  }

  private static OptionalInt count(int wanted) {
    return wanted > 0 ? OptionalInt.of(wanted) : OptionalInt.empty();
  }

  /** What the sample model learned from, told again; the evaluation text is not among it. */
  private static Corpus stories(boolean isSample) {
    if (!isSample) {
      throw new EspalierException(
          "This checkpoint brings no text of its own: choose a text for training (plain text, JSONL"
              + " with a text field, or token windows as .json).");
    }
    return Corpus.ofText("the sample model's stories", SampleText.TRAINING.of(STORIES));
  }

  /**
   * Windows to evaluate on.
   *
   * @param source name of the text
   * @param bos the BOS rule in words
   */
  record Evaluation(String source, TokenWindows windows, String bos) {
    /** The same windows in an order drawn with a seed. */
    Evaluation shuffled(long seed) {
      return new Evaluation(source + ", windows in random order", windows.shuffled(seed), bos);
    }
  }
}
