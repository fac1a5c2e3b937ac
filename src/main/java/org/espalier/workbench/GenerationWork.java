package org.espalier.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.Continuation;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.Generator;
import org.espalier.transformer.Sampling;

/** Continues prompts. */
final class GenerationWork {
  private GenerationWork() {}

  static String generate(
      OpenModel model, GenerationRequest request, Consumer<String> onText, Progress progress) {
    Prompt prompt = prompt(model, request);
    Telling telling = new Telling(prompt.tokenizer(), onText);
    new Generator(model.decoder())
        .generate(prompt.tokens(), prompt.newTokens(), prompt.sampling(), telling::add, progress);
    return telling.finish();
  }

  /**
   * A model and variants of it continue the same prompt in turns, so that all texts grow side by
   * side.
   *
   * @param variants read the same tokens as the model
   * @param onText told every new piece of a text: the model's own, then one for each variant
   * @return the whole texts in that order
   */
  static List<String> sideBySide(
      OpenModel model,
      List<Decoder> variants,
      GenerationRequest request,
      List<Consumer<String>> onText,
      Progress progress) {
    Prompt prompt = prompt(model, request);
    List<Decoder> decoders = new ArrayList<>(List.of(model.decoder()));
    decoders.addAll(variants);
    List<Continuation> continuations = new ArrayList<>();
    List<Telling> texts = new ArrayList<>();
    try {
      for (int i = 0; i < decoders.size(); i++) {
        continuations.add(prompt.continuation(decoders.get(i)));
        texts.add(new Telling(prompt.tokenizer(), onText.get(i)));
      }
      boolean any = true;
      for (int done = 0; any; done++) {
        progress.report("Generating", done, Math.max(done, prompt.newTokens()));
        any = false;
        for (int i = 0; i < decoders.size(); i++) {
          // All are asked each time: one may end its text before the others.
          any |= texts.get(i).take(continuations.get(i).next());
        }
      }
    } finally {
      continuations.forEach(Continuation::close);
    }
    return texts.stream().map(Telling::finish).toList();
  }

  private record Prompt(Tokenizer tokenizer, int[] tokens, int newTokens, Sampling sampling) {
    Continuation continuation(Decoder decoder) {
      return new Continuation(decoder, tokens, newTokens, sampling);
    }
  }

  private static Prompt prompt(OpenModel model, GenerationRequest request) {
    if (request.newTokens() < 1 || request.temperature() < 0 || request.topK() < 0) {
      throw new EspalierException(
          "Generation needs at least one new token, a temperature of 0 or more and a top-k of 0 or"
              + " more.");
    }
    Tokenizer tokenizer =
        model
            .tokenizer()
            .orElseThrow(
                () ->
                    new EspalierException(
                        model.checkpoint().folder()
                            + " has no tokenizer.json, so text cannot be generated; copy the file"
                            + " from the model's origin."));
    Sampling sampling =
        request.temperature() == 0
            ? new Sampling.Greedy()
            : new Sampling.Random(request.seed(), request.temperature(), request.topK());
    int[] prompt = tokenizer.encodeStream(request.prompt());
    int room = model.decoder().config().maximumPositions() - prompt.length;
    if (room < 1) {
      throw new EspalierException(
          "The prompt has "
              + prompt.length
              + " tokens, which leaves no room in the "
              + model.decoder().config().maximumPositions()
              + " positions of the model; shorten it.");
    }
    return new Prompt(tokenizer, prompt, Math.min(request.newTokens(), room), sampling);
  }

  /** Tells new text once it is whole: a character may take several tokens. */
  private static final class Telling {
    private final Tokenizer tokenizer;
    private final Consumer<String> onText;
    private final List<Integer> tokens = new ArrayList<>();
    private String told = "";

    Telling(Tokenizer tokenizer, Consumer<String> onText) {
      this.tokenizer = tokenizer;
      this.onText = onText;
    }

    /** Takes a token if there is one; false at the end of the text. */
    boolean take(OptionalInt token) {
      token.ifPresent(this::add);
      return token.isPresent();
    }

    void add(int token) {
      tokens.add(token);
      String text = text();
      if (!text.endsWith("\uFFFD") && text.length() > told.length() && text.startsWith(told)) {
        onText.accept(text.substring(told.length()));
        told = text;
      }
    }

    /** The whole text, its last piece told. */
    String finish() {
      String text = text();
      if (text.length() > told.length()) {
        onText.accept(text.substring(told.length()));
      }
      return text;
    }

    private String text() {
      return tokenizer.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
