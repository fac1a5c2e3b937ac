package org.espalier.importance;

import java.util.Set;
import java.util.SplittableRandom;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;

/**
 * Uniform random scores: the floor that every method must beat.
 *
 * @param seed same seed, same scores
 */
public record RandomScorer(long seed) implements Scorer {
  @Override
  public Set<Collector> collectors() {
    return Set.of();
  }

  @Override
  public String statistic() {
    return "random, seed " + seed;
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003L + block);
    return new BlockScores(
        random.doubles(shape.headGroups()).toArray(), random.doubles(shape.channels()).toArray());
  }
}
