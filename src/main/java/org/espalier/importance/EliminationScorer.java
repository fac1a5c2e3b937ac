package org.espalier.importance;

import java.util.Comparator;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.statistics.Collector;
import org.espalier.statistics.EliminationCollector;
import org.espalier.statistics.ResidualCollector;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;

/**
 * Scores units by what their removal costs at their place in the order of removal, beside the
 * energy of the residual stream that the sub-layer writes to, for each parameter saved: {@code
 * log(cost / p) - log(h²)}. Scores rise along the order, so that a sub-layer always loses the first
 * units of it.
 */
public record EliminationScorer(double damping) implements Scorer {
  /** Keeps the order between units of equal cost. */
  private static final double STEP = 1e-9;

  @Override
  public Set<Collector> collectors() {
    return Set.of(new EliminationCollector(damping), ResidualCollector.INSTANCE);
  }

  @Override
  public String statistic() {
    return "log error beside the residual stream, per parameter";
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    return BlockScores.of(block, shape, subLayer -> scores(statistics, subLayer, shape));
  }

  private static double[] scores(Statistics statistics, SubLayer subLayer, BlockShape shape) {
    double[] ranks = statistics.vector(subLayer, EliminationCollector.RANK);
    double[] costs = statistics.vector(subLayer, EliminationCollector.COST);
    double energy = statistics.vector(subLayer, ResidualCollector.LOG_ENERGY)[0];
    int[] order =
        IntStream.range(0, ranks.length)
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> ranks[unit]))
            .mapToInt(unit -> unit)
            .toArray();
    double width = statistics.vector(subLayer, EliminationCollector.WIDTH)[0];
    double parameters = UnitCost.inChannels(subLayer.kind(), shape, width);
    double[] scores = new double[ranks.length];
    double before = Double.NEGATIVE_INFINITY;
    for (int unit : order) {
      double own = Math.log(Math.max(costs[unit], Double.MIN_NORMAL) / parameters) - energy;
      before = Math.max(own, before + STEP);
      scores[unit] = before;
    }
    return scores;
  }
}
