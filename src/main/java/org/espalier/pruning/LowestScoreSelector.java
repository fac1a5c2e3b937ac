package org.espalier.pruning;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Keeps the units with the highest scores; of equal ones those with the lower index. */
final class LowestScoreSelector {
  private LowestScoreSelector() {}

  /**
   * @param scores one per unit
   * @param kept how many to keep, 0 to the number of units
   */
  static UnitSet keep(double[] scores, int kept) {
    if (kept == scores.length) {
      return UnitSet.all(kept);
    }
    int[] byScore =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return UnitSet.of(Arrays.copyOf(byScore, kept));
  }
}
