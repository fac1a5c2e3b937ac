package org.espalier.evaluation.tasks;

import java.util.Arrays;
import java.util.Locale;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.EspalierException;

/**
 * How a question and an answer become token ids. Published numbers differ by it: each generation of
 * the LM Evaluation Harness did it in its own way.
 */
public enum TokenisationProfile {
  /** Harness up to 0.3: no BOS, question and answer are tokenised separately. */
  H3("no BOS, question and answer tokenised separately"),
  /** Harness 0.4.0 to 0.4.9: no BOS, tokenised together and split behind the question. */
  H40("no BOS, question and answer tokenised together"),
  /** Harness today: tokenised together, with the BOS that the tokenizer adds. */
  HCUR("BOS where the tokenizer adds one, question and answer tokenised together");

  private final String words;

  TokenisationProfile(String words) {
    this.words = words;
  }

  /** What it does, in words. */
  public String words() {
    return words;
  }

  /**
   * The profile of this name, in any case.
   *
   * @throws EspalierException naming all profiles if there is none
   */
  public static TokenisationProfile named(String name) {
    return Arrays.stream(values())
        .filter(profile -> profile.name().equals(name.strip().toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no tokenisation profile " + name + "; choose H3, H40 or HCUR."));
  }

  /** A question and an answer as token ids. */
  record Pair(int[] context, int[] continuation) {}

  /** Ids of a text that is to be continued freely. */
  int[] prompt(Tokenizer tokenizer, String text) {
    return this == HCUR ? tokenizer.encodeStream(text) : tokenizer.encode(text);
  }

  /**
   * Splits a question and its answer into ids.
   *
   * @param empty stands for an empty question
   */
  Pair encode(Tokenizer tokenizer, String context, String continuation, int empty) {
    if (context.isEmpty()) {
      return new Pair(new int[] {empty}, tokenizer.encode(continuation));
    }
    if (this == H3) {
      return new Pair(tokenizer.encode(context), tokenizer.encode(continuation));
    }
    // Spaces at the end of the question are tokenised with what follows them.
    String question = context.stripTrailing();
    String answer = context.substring(question.length()) + continuation;
    int[] before = prompt(tokenizer, question);
    if (before.length == 0) {
      return new Pair(new int[] {empty}, tokenizer.encode(answer));
    }
    int[] whole = prompt(tokenizer, question + answer);
    return new Pair(
        before, Arrays.copyOfRange(whole, Math.min(before.length, whole.length), whole.length));
  }
}
