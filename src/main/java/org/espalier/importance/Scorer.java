package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;

/** Turns statistics into one score per unit. */
public interface Scorer {
  /** What must be measured before. */
  Set<Collector> collectors();

  /** What the scores are, for legends. */
  String statistic();

  /**
   * Scores both sub-layers of one block.
   *
   * @param block index of the block
   * @param shape its widths
   * @param statistics that hold everything {@link #collectors} measure for this block
   */
  BlockScores score(int block, BlockShape shape, Statistics statistics);

  /**
   * Scores of one block.
   *
   * @param attention one per head group
   * @param feedForward one per channel
   */
  record BlockScores(double[] attention, double[] feedForward) {}
}
