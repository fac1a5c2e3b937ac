package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.WindowNormCollector;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;

/**
 * A channel scores the 2-norm of its values over a window, averaged over windows (2SSP, equation
 * 2); a head group the mean of its channels.
 */
public final class WindowNormScorer implements Scorer {
  public static final WindowNormScorer INSTANCE = new WindowNormScorer();

  private WindowNormScorer() {}

  @Override
  public Set<Collector> collectors() {
    return Set.of(WindowNormCollector.INSTANCE);
  }

  @Override
  public String statistic() {
    return "mean norm over windows";
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    double[] attention = new double[shape.headGroups()];
    if (attention.length > 0) {
      double[] norms = statistics.vector(SubLayer.attention(block), WindowNormCollector.NORM);
      int width = norms.length / attention.length;
      for (int j = 0; j < norms.length; j++) {
        attention[j / width] += norms[j] / width;
      }
    }
    return new BlockScores(
        attention,
        shape.channels() > 0
            ? statistics.vector(SubLayer.feedForward(block), WindowNormCollector.NORM)
            : new double[0]);
  }
}
