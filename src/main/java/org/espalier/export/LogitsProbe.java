package org.espalier.export;

import java.util.Arrays;
import org.espalier.task.EspalierException;

/**
 * Eight tokens from all over the vocabulary, and what the pruned model says to them.
 *
 * @param expected logits [8, V], row by row
 */
record LogitsProbe(int[] ids, float[] expected) {
  private static final int LENGTH = 8;

  /** The tokens of a vocabulary. */
  static int[] ids(int vocabulary) {
    int[] ids = new int[LENGTH];
    Arrays.setAll(ids, i -> (int) ((2L * i + 1) * vocabulary / (2 * LENGTH)));
    return ids;
  }

  /**
   * @throws EspalierException if a logit is no finite number, which nothing could be held against
   */
  LogitsProbe requireFinite(WeightFormat format) {
    for (float logit : expected) {
      if (!Float.isFinite(logit)) {
        throw new EspalierException(
            format == WeightFormat.F16
                ? "The model has values that F16 cannot hold; export as BF16 or F32."
                : "The pruned model computes values that are no numbers, so it is not exported;"
                    + " prune less or with another method.");
      }
    }
    return this;
  }

  /**
   * Holds the logits of files read back against the expected ones.
   *
   * @param tolerance for every logit; infinite where rounding is expected
   * @throws EspalierException if one differs by more, or is no number
   */
  ExportProof compare(float[] actual, double tolerance) {
    if (actual.length != expected.length) {
      throw new IllegalStateException("the files read back give logits of another shape");
    }
    double largest = 0;
    double size = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      // A value that is no number must not pass as equal.
      if (!(difference <= tolerance) || !Float.isFinite(actual[i])) {
        throw new EspalierException(
            "The exported files were read back and gave other logits than the pruned model (by "
                + difference
                + "); nothing was written. Please report this.");
      }
      largest = Math.max(largest, difference);
      size = Math.max(size, Math.abs(expected[i]));
    }
    return new ExportProof(
        Arrays.stream(ids).boxed().toList(), largest, size, sameNextTokens(actual), 0, 0);
  }

  private int sameNextTokens(float[] actual) {
    int vocabulary = expected.length / ids.length;
    int same = 0;
    for (int position = 0; position < ids.length; position++) {
      if (likeliest(expected, position * vocabulary, vocabulary)
          == likeliest(actual, position * vocabulary, vocabulary)) {
        same++;
      }
    }
    return same;
  }

  private static int likeliest(float[] logits, int start, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (logits[start + i] > logits[start + best]) {
        best = i;
      }
    }
    return best;
  }
}
