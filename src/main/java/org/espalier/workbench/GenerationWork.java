package org.espalier.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.Generator;
import org.espalier.transformer.Sampling;

/** Continues prompts. */
final class GenerationWork {
  private GenerationWork() {}

  static String generate(
      OpenModel model, GenerationRequest request, Consumer<String> onText, Progress progress) {
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
    List<Integer> added = new ArrayList<>();
    StringBuilder told = new StringBuilder();
    List<Integer> all =
        new Generator(model.decoder())
            .generate(
                prompt,
                Math.min(request.newTokens(), room),
                sampling,
                token -> {
                  added.add(token);
                  tell(tokenizer, added, told, onText);
                },
                progress);
    String text = tokenizer.decode(all.stream().mapToInt(Integer::intValue).toArray());
    if (text.length() > told.length()) {
      onText.accept(text.substring(told.length()));
    }
    return text;
  }

  /** Tells new text once it is whole: a character may take several tokens. */
  private static void tell(
      Tokenizer tokenizer, List<Integer> ids, StringBuilder told, Consumer<String> onText) {
    String text = tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
    boolean whole = !text.endsWith("\uFFFD");
    if (whole && text.length() > told.length() && text.startsWith(told.toString())) {
      onText.accept(text.substring(told.length()));
      told.setLength(0);
      told.append(text);
    }
  }
}
