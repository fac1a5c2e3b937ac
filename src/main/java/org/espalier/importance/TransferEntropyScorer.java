package org.espalier.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.statistics.FinalEntropyPass;
import org.espalier.statistics.FinalEntropyPass.Features;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.EspalierException;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Judges a sub-layer b by its transfer entropy: how far the entropy of {@link Features} moves when
 * the sub-layer is skipped, {@code TE_b = |H(F) - H(F without b)|}, summed over the features where
 * there are several. What it is worth follows by a {@link Law} from its share I of the transfer
 * entropy and its share C of the cost. A reconstruction after Yang et al., ICML 2025, whose formula
 * was not available.
 *
 * @param gamma how much cost counts; 0 ignores it
 * @param cost what a sub-layer costs
 * @param sequences calibration windows to use; 0 for all
 * @param features whose entropy is taken
 * @param signed whether only what a sub-layer adds to the entropy counts, a loss counting as none
 */
public record TransferEntropyScorer(
    double gamma, SubLayerCost cost, int sequences, Features features, boolean signed, Law law)
    implements SubLayerScorer {

  /** How worth follows from the shares; allocators take the more the lower it is. */
  public enum Law {
    /**
     * {@code z(log(I + 1e-6) - gamma·log C)}, z over all sub-layers with the population deviation.
     */
    EXPONENTIAL {
      @Override
      double[] worths(double[] shares, double[] costShares, double gamma) {
        double[] worths = new double[shares.length];
        for (int s = 0; s < worths.length; s++) {
          worths[s] = Math.log(shares[s] + EPSILON) - gamma * Math.log(costShares[s]);
        }
        standardise(worths);
        return worths;
      }
    },
    /**
     * {@code -log(1 - I)}: the ratio of a sub-layer is proportional to {@code 1 - I}; cost does not
     * count.
     */
    LINEAR {
      @Override
      double[] worths(double[] shares, double[] costShares, double gamma) {
        return Arrays.stream(shares)
            .map(share -> -Math.log(Math.max(EPSILON, 1 - share)))
            .toArray();
      }
    },
    /**
     * {@code n·I}, the transfer entropy in multiples of its mean: ratios are a softmax of its
     * negative, as SlimLLM's are of another score; cost does not count.
     */
    SOFTMAX {
      @Override
      double[] worths(double[] shares, double[] costShares, double gamma) {
        return Arrays.stream(shares).map(share -> share * shares.length).toArray();
      }
    };

    abstract double[] worths(double[] shares, double[] costShares, double gamma);
  }

  private static final double EPSILON = 1e-6;

  @Override
  public Set<SubLayerMeasurement> measurements() {
    Set<SubLayerMeasurement> measurements = new HashSet<>(costMeasurements());
    measurements.add(entropies());
    return measurements;
  }

  /** What measures the entropies. */
  public FinalEntropyPass entropies() {
    return new FinalEntropyPass(sequences, features);
  }

  /** What measures the cost. */
  public Set<SubLayerMeasurement> costMeasurements() {
    return cost.measurements();
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
    double[] worths = law.worths(shares, costShares, gamma);
    Map<SubLayer, SubLayerScore> scores = new HashMap<>();
    for (int s = 0; s < worths.length; s++) {
      scores.put(
          subLayers.get(s), new SubLayerScore(entropies[s], shares[s], costShares[s], worths[s]));
    }
    return new SubLayerScores("transfer entropy", "TE", scores);
  }

  /** The transfer entropy of one sub-layer, not negative. */
  public double entropy(SubLayer subLayer, Statistics statistics) {
    double[] dense = statistics.vector(subLayer, features.dense());
    double[] skipped = statistics.vector(subLayer, features.skipped());
    double entropy = 0;
    for (int i = 0; i < dense.length; i++) {
      double change = dense[i] - skipped[i];
      entropy += signed ? change : Math.abs(change);
    }
    if (entropy < 0) {
      entropy = 0;
    }
    if (!Double.isFinite(entropy)) {
      throw new EspalierException(
          "The transfer entropy of the "
              + subLayer.label()
              + " is not a number; check the calibration text and the checkpoint for broken"
              + " values.");
    }
    return entropy;
  }

  /** What one sub-layer of the dense model costs; only the ratios between sub-layers matter. */
  public double cost(SubLayer subLayer, DecoderConfig config, Statistics statistics) {
    return cost.of(subLayer, config, statistics);
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
