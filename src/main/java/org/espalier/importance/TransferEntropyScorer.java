package org.espalier.importance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.statistics.FinalEntropyPass;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.EspalierException;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Judges a sub-layer b by its transfer entropy {@code TE_b = |H(F) - H(F without b)|}, F being the
 * final features, against its cost: {@code worth = z(log(I_b + 1e-6) - gamma·log C_b)} with the
 * shares I of the transfer entropy and C of the cost, and z over all sub-layers with the population
 * deviation. A reconstruction after Yang et al., ICML 2025, whose formula was not available.
 *
 * @param gamma how much cost counts; 0 ignores it
 * @param cost what a sub-layer costs
 * @param sequences calibration windows to use; 0 for all
 */
public record TransferEntropyScorer(double gamma, SubLayerCost cost, int sequences)
    implements SubLayerScorer {
  private static final double EPSILON = 1e-6;

  @Override
  public Set<SubLayerMeasurement> measurements() {
    Set<SubLayerMeasurement> measurements = new HashSet<>(cost.measurements());
    measurements.add(new FinalEntropyPass(sequences));
    return measurements;
  }

  @Override
  public SubLayerScores score(DecoderConfig config, Statistics statistics) {
    List<SubLayer> subLayers = new ArrayList<>();
    for (int block = 0; block < config.blocks(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (config.shape(block).units(kind) > 0) {
          subLayers.add(new SubLayer(block, kind));
        }
      }
    }
    double[] entropies =
        subLayers.stream().mapToDouble(subLayer -> entropy(subLayer, statistics)).toArray();
    double[] shares = shares(entropies);
    double[] costShares =
        shares(
            subLayers.stream()
                .mapToDouble(subLayer -> cost.of(subLayer, config, statistics))
                .toArray());
    double[] worths = new double[shares.length];
    for (int s = 0; s < worths.length; s++) {
      worths[s] = Math.log(shares[s] + EPSILON) - gamma * Math.log(costShares[s]);
    }
    standardise(worths);
    Map<SubLayer, SubLayerScore> scores = new HashMap<>();
    for (int s = 0; s < worths.length; s++) {
      scores.put(
          subLayers.get(s), new SubLayerScore(entropies[s], shares[s], costShares[s], worths[s]));
    }
    return new SubLayerScores("transfer entropy", scores);
  }

  private static double entropy(SubLayer subLayer, Statistics statistics) {
    double entropy =
        Math.abs(
            statistics.vector(subLayer, FinalEntropyPass.DENSE)[0]
                - statistics.vector(subLayer, FinalEntropyPass.SKIPPED)[0]);
    if (!Double.isFinite(entropy)) {
      throw new EspalierException(
          "The transfer entropy of the "
              + subLayer.label()
              + " is not a number; check the calibration text and the checkpoint for broken"
              + " values.");
    }
    return entropy;
  }

  /** Shares of the sum; all 0 if the sum is. */
  private static double[] shares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double[] shares = new double[values.length];
    for (int s = 0; s < shares.length; s++) {
      shares[s] = sum > 0 ? values[s] / sum : 0;
    }
    return shares;
  }

  /** To mean 0 and deviation 1; to 0 where all are alike up to rounding. */
  private static void standardise(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double deviation = Math.sqrt(variance);
    for (int s = 0; s < values.length; s++) {
      values[s] = deviation > 1e-12 ? (values[s] - mean) / deviation : 0;
    }
  }
}
