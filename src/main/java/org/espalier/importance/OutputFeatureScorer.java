package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.OutputFeatureCollector;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;

/**
 * How much each unit matters for the output features of its sub-layer (SlimLLM). Scores compare
 * within a sub-layer only.
 */
public final class OutputFeatureScorer implements Scorer {
  public static final OutputFeatureScorer INSTANCE = new OutputFeatureScorer();

  private OutputFeatureScorer() {}

  @Override
  public Set<Collector> collectors() {
    return Set.of(OutputFeatureCollector.INSTANCE);
  }

  @Override
  public String statistic() {
    return "importance for the output features";
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    return BlockScores.of(
        block, shape, subLayer -> statistics.vector(subLayer, OutputFeatureCollector.SCORE));
  }
}
