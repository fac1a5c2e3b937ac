package org.espalier.importance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.statistics.Collector;
import org.espalier.statistics.ResidualCollector;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;

/**
 * Scores units so that all units of a model compete: by how large their fluctuation is beside the
 * residual stream that the sub-layer writes to, for each parameter that removing them saves.
 *
 * <p>Standardised scores (FLAP, equation 8) make all sub-layers alike; these tell that some do
 * little and others much. With amplitudes {@code a} of the units of a sub-layer, parameters {@code
 * p} of one unit, and the norm {@code h} of the residual stream behind it, a unit scores {@code
 * log(a / (p·h)) - 2·log(r)}, where {@code r} is the part of the sub-layer's summed amplitude that
 * units of no lower amplitude have. Single amplitudes are blind to what units share; the second
 * term makes units dearer as less of their sub-layer remains and so keeps any from being drained.
 *
 * @param metric per input channel of the output projection
 */
public record ResidualScorer(ChannelMetric metric) implements Scorer {
  @Override
  public Set<Collector> collectors() {
    Set<Collector> collectors = new HashSet<>(metric.collectors());
    collectors.add(ResidualCollector.INSTANCE);
    return collectors;
  }

  @Override
  public String statistic() {
    return metric + " beside the residual stream, per parameter, logarithm";
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    return BlockScores.of(block, shape, subLayer -> scores(statistics, subLayer, shape));
  }

  private double[] scores(Statistics statistics, SubLayer subLayer, BlockShape shape) {
    double[] channels = metric.amplitudes(statistics, subLayer);
    int units = shape.units(subLayer.kind());
    int width = channels.length / units;
    double cost = UnitCost.inChannels(subLayer.kind(), shape, width);
    double[] sums = new double[units];
    for (int j = 0; j < channels.length; j++) {
      sums[j / width] += channels[j];
    }
    double residual = statistics.vector(subLayer, ResidualCollector.LOG_ENERGY)[0] / 2;
    double[] scores = new double[units];
    double total = Arrays.stream(sums).sum();
    double remaining = 0;
    for (int unit : descending(sums)) {
      remaining += sums[unit];
      scores[unit] =
          logarithm(sums[unit] / cost) - residual - 2 * (logarithm(remaining) - logarithm(total));
    }
    return scores;
  }

  /** Finite for units that never do anything, too. */
  private static double logarithm(double value) {
    return Math.log(Math.max(value, Double.MIN_NORMAL));
  }

  private static int[] descending(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer unit) -> -values[unit]))
        .mapToInt(unit -> unit)
        .toArray();
  }
}
