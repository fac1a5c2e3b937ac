package org.espalier.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;

/** Continues a text token by token. */
public final class Generator {
  private final Decoder decoder;

  /** A generator over an open decoder. */
  public Generator(Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Continues a prompt.
   *
   * @param prompt token ids, at least one
   * @param newTokens most tokens to add; fewer when the model ends the text
   * @param progress told after every token
   * @return the added ids; an id that ends the text is not among them
   * @throws EspalierException if the prompt is empty or has an id outside of the vocabulary
   */
  public List<Integer> generate(int[] prompt, int newTokens, Sampling sampling, Progress progress) {
    return generate(prompt, newTokens, sampling, token -> {}, progress);
  }

  /**
   * As {@link #generate(int[], int, Sampling, Progress)}.
   *
   * @param onToken called with every added id
   */
  public List<Integer> generate(
      int[] prompt, int newTokens, Sampling sampling, IntConsumer onToken, Progress progress) {
    return generateWhile(
        prompt,
        newTokens,
        sampling,
        token -> {
          onToken.accept(token);
          return true;
        },
        progress);
  }

  /**
   * As {@link #generate(int[], int, Sampling, Progress)}, ending as soon as the caller says so.
   *
   * @param goesOn called with every added id; false if it was the last one
   */
  public List<Integer> generateWhile(
      int[] prompt, int newTokens, Sampling sampling, IntPredicate goesOn, Progress progress) {
    List<Integer> added = new ArrayList<>();
    try (Continuation continuation = new Continuation(decoder, prompt, newTokens, sampling)) {
      while (true) {
        progress.report("Generating", added.size(), newTokens);
        OptionalInt next = continuation.next();
        if (next.isEmpty()) {
          return added;
        }
        added.add(next.getAsInt());
        if (!goesOn.test(next.getAsInt())) {
          return added;
        }
      }
    }
  }
}
