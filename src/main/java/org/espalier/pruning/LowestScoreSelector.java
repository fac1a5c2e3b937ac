package org.espalier.pruning;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Keeps the units with the highest scores; of equal ones those with the lower index. */
public final class LowestScoreSelector implements Selector {
  public static final LowestScoreSelector INSTANCE = new LowestScoreSelector();

  private LowestScoreSelector() {}

  @Override
  public UnitSet select(MeasuredSubLayer subLayer, double[] scores, int kept) {
    return keep(scores, kept);
  }

  /** The {@code kept} units with the highest scores. */
  static UnitSet keep(double[] scores, int kept) {
    int[] byScore =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return UnitSet.of(Arrays.copyOf(byScore, kept));
  }
}
