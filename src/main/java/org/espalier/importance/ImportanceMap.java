package org.espalier.importance;

import java.util.ArrayList;
import java.util.List;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * One score per unit, higher is more important.
 *
 * <p>Scores of one sub-layer are always comparable with each other; whether they are comparable
 * across sub-layers is up to the scorer. Arrays are shared, not copied: treat them as read-only (a
 * 70B shape holds 2.3 million of them).
 */
public final class ImportanceMap {
  private final String statistic;
  private final List<double[]> attention;
  private final List<double[]> feedForward;

  /**
   * @param statistic what the numbers are, for legends ("WIFV, standardised per block")
   * @param attention per block, one score per head group
   * @param feedForward per block, one score per channel
   */
  public ImportanceMap(String statistic, List<double[]> attention, List<double[]> feedForward) {
    if (attention.size() != feedForward.size()) {
      throw new IllegalArgumentException("attention and feed-forward differ in blocks");
    }
    this.statistic = statistic;
    this.attention = List.copyOf(attention);
    this.feedForward = List.copyOf(feedForward);
  }

  /**
   * Scores all blocks.
   *
   * @param shapes widths of the blocks
   * @param statistics that hold everything the scorer reads
   */
  public static ImportanceMap of(Scorer scorer, List<BlockShape> shapes, Statistics statistics) {
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    for (int block = 0; block < shapes.size(); block++) {
      Scorer.BlockScores scores = scorer.score(block, shapes.get(block), statistics);
      attention.add(scores.attention());
      feedForward.add(scores.feedForward());
    }
    return new ImportanceMap(scorer.statistic(), attention, feedForward);
  }

  public String statistic() {
    return statistic;
  }

  /** Number of blocks. */
  public int blocks() {
    return attention.size();
  }

  /** Scores of a sub-layer, one per unit in the order of the checkpoint. Do not modify. */
  public double[] scores(SubLayer subLayer) {
    return (subLayer.kind() == SubLayerKind.ATTENTION ? attention : feedForward)
        .get(subLayer.block());
  }
}
