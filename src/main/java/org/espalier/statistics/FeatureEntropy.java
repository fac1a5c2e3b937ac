package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import org.espalier.torch.TorchScope;

/**
 * Entropy of features whose channels are taken as independent Gaussians, up to a constant that
 * depends on the number of channels only: {@code Σ_c log(σ_c + 1e-12)} with the population
 * deviation σ over all tokens (Lin et al., MLP Can Be A Good Transformer Learner, CVPR 2024). Sums
 * run in double precision.
 */
final class FeatureEntropy {
  private static final double EPSILON = 1e-12;

  private long tokens;
  private final double[] sums;
  private final double[] squares;

  FeatureEntropy(int channels) {
    sums = new double[channels];
    squares = new double[channels];
  }

  /**
   * Adds tokens.
   *
   * @param features [windows, tokens, channels]
   */
  void add(NDArray features) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray doubles = DoublePrecision.rows(features);
      tokens += doubles.getShape().get(0);
      addTo(sums, doubles.sum(new int[] {0}));
      addTo(squares, doubles.square().sum(new int[] {0}));
    }
  }

  private static void addTo(double[] totals, NDArray vector) {
    double[] values = vector.toDoubleArray();
    for (int c = 0; c < totals.length; c++) {
      totals[c] += values[c];
    }
  }

  /** In nats, without the constant. */
  double value() {
    double entropy = 0;
    for (int c = 0; c < sums.length; c++) {
      double mean = sums[c] / tokens;
      double variance = squares[c] / tokens - mean * mean;
      // Rounding may leave a constant channel slightly below zero; NaN passes through.
      entropy += Math.log(Math.sqrt(variance < 0 ? 0 : variance) + EPSILON);
    }
    return entropy;
  }
}
