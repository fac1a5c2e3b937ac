package org.espalier.pruning;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Keeps the one hundredth of the units with the lowest scores, removes those just above, and keeps
 * the rest: what the published code of SlimLLM does with channels. Where so many go that the rest
 * does not suffice, the lowest go too.
 */
final class PiecewiseSelector implements Selector {
  static final PiecewiseSelector INSTANCE = new PiecewiseSelector();

  private static final double LOWEST_KEPT = 0.01;

  private PiecewiseSelector() {}

  @Override
  public UnitSet select(MeasuredSubLayer subLayer, double[] scores, int kept) {
    int lowest = Math.min(kept, (int) Math.rint(LOWEST_KEPT * scores.length));
    int[] ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer unit) -> scores[unit]))
            .mapToInt(Integer::intValue)
            .toArray();
    int removed = scores.length - kept;
    return UnitSet.of(
        IntStream.range(0, scores.length)
            .filter(rank -> rank < lowest || rank >= lowest + removed)
            .map(rank -> ascending[rank])
            .toArray());
  }
}
