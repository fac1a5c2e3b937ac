package org.espalier.importance;

import java.util.Set;
import java.util.function.Function;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Turns statistics into one score per unit. */
public interface Scorer {
  /** What must be measured before. */
  Set<Collector> collectors();

  /** What must be measured before in passes of its own, on the dense model. */
  default Set<SubLayerMeasurement> measurements() {
    return Set.of();
  }

  /** What the scores are, for legends. */
  String statistic();

  /**
   * Scores the sub-layers of one block that have units.
   *
   * @param block index of the block
   * @param shape its widths; 0 for a sub-layer that is not to be scored
   * @param statistics that hold everything {@link #collectors} and {@link #measurements} measure
   *     for these sub-layers
   */
  BlockScores score(int block, BlockShape shape, Statistics statistics);

  /**
   * Scores of one block.
   *
   * @param attention one per head group
   * @param feedForward one per channel
   */
  record BlockScores(double[] attention, double[] feedForward) {
    /**
     * Scores each sub-layer that has units.
     *
     * @param scores one per unit of the sub-layer
     */
    static BlockScores of(int block, BlockShape shape, Function<SubLayer, double[]> scores) {
      return new BlockScores(
          shape.headGroups() > 0 ? scores.apply(SubLayer.attention(block)) : new double[0],
          shape.channels() > 0 ? scores.apply(SubLayer.feedForward(block)) : new double[0]);
    }

    public double[] of(SubLayerKind kind) {
      return kind == SubLayerKind.ATTENTION ? attention : feedForward;
    }
  }
}
