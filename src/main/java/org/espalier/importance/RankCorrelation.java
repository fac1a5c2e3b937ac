package org.espalier.importance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How far two scorings put the same units in the same order. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * Spearman's rank correlation: Pearson's correlation of the ranks, equal scores sharing the mean
   * of theirs.
   *
   * @return from -1 to 1; NaN where one of them tells no units apart
   * @throws IllegalArgumentException if they score different numbers of units
   */
  public static double spearman(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          first.length + " scores cannot be compared with " + second.length);
    }
    double[] a = ranks(first);
    double[] b = ranks(second);
    double mean = (first.length - 1) / 2.0;
    double together = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      together += (a[i] - mean) * (b[i] - mean);
      ofA += (a[i] - mean) * (a[i] - mean);
      ofB += (b[i] - mean) * (b[i] - mean);
    }
    return ofA == 0 || ofB == 0 ? Double.NaN : together / Math.sqrt(ofA * ofB);
  }

  /** From 0; equal scores share the mean of their places. */
  private static double[] ranks(double[] scores) {
    Integer[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> scores[unit]))
            .toArray(Integer[]::new);
    double[] ranks = new double[scores.length];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        to++;
      }
      double shared = (from + to - 1) / 2.0;
      Arrays.stream(order, from, to).forEach(unit -> ranks[unit] = shared);
      from = to;
    }
    return ranks;
  }
}
