package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * How much each unit matters for the output features of its sub-layer (SlimLLM, ICML 2025): a head
 * group by how far the output without it stays correlated with the whole output, a channel by its
 * weights and inputs, its output projected on the principal components of the sub-layer's output.
 */
public final class OutputFeatureCollector implements Collector {
  /**
   * One score per unit. Attention: {@code 1 - Sim(all but the unit) / d} with {@link
   * ContributionCovariances#similarities}. Feed-forward: {@code |gate_j ∘ a| + |up_j ∘ a| + |z_j|·|
   * (downᵀ V)_j ∘ ω|}, a being the norms of the inputs over tokens, z the channel's values, V and λ
   * the eigenvectors and eigenvalues of the output's covariance and {@code ω = sigmoid(|λ| /
   * mean|λ|)}.
   */
  public static final String SCORE = "outputFeature.score";

  public static final OutputFeatureCollector INSTANCE = new OutputFeatureCollector();

  private static final String KERNELS = "torchscript/statistics.py";

  private OutputFeatureCollector() {}

  @Override
  public String id() {
    return "outputFeature-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(SCORE);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    return subLayer.kind() == SubLayerKind.ATTENTION
        ? new HeadSimilarity(weights)
        : new FeatureSpace(weights);
  }

  private static final class HeadSimilarity implements Accumulator {
    private final BlockWeights weights;
    private final SecondMoments inputs = new SecondMoments();

    HeadSimilarity(BlockWeights weights) {
      this.weights = weights;
    }

    @Override
    public void observe(SubLayerActivations activations) {
      inputs.add(activations.units());
    }

    @Override
    public Map<String, double[]> finish() {
      int units = weights.shape().headGroups();
      try (TorchScope scope = TorchScope.open()) {
        ContributionCovariances covariances =
            ContributionCovariances.of(weights.require(WeightSlot.OUTPUT), inputs.scatter(), units);
        boolean[][] withoutOne = new boolean[units][units];
        for (int unit = 0; unit < units; unit++) {
          Arrays.fill(withoutOne[unit], true);
          withoutOne[unit][unit] = false;
        }
        double[] scores = covariances.similarities(withoutOne);
        double outputs = weights.require(WeightSlot.OUTPUT).getShape().get(0);
        for (int unit = 0; unit < units; unit++) {
          scores[unit] = 1 - scores[unit] / outputs;
        }
        return Map.of(SCORE, scores);
      }
    }

    @Override
    public void close() {
      inputs.close();
    }
  }

  private static final class FeatureSpace implements Accumulator {
    private final BlockWeights weights;
    private final double[] inputSquares;
    private final double[] channelSquares;
    private final SecondMoments outputs = new SecondMoments();

    FeatureSpace(BlockWeights weights) {
      this.weights = weights;
      inputSquares = new double[(int) weights.require(WeightSlot.DOWN).getShape().get(0)];
      channelSquares = new double[weights.shape().channels()];
    }

    @Override
    public void observe(SubLayerActivations activations) {
      add(inputSquares, activations.normalised());
      add(channelSquares, activations.units());
      outputs.add(activations.branch());
    }

    private static void add(double[] totals, NDArray activations) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray rows = DoublePrecision.rows(activations);
        double[] added = Kernels.of(KERNELS).call("sums", rows.square()).toDoubleArray();
        for (int j = 0; j < totals.length; j++) {
          totals[j] += added[j];
        }
      }
    }

    @Override
    public Map<String, double[]> finish() {
      try (TorchScope scope = TorchScope.open()) {
        NDArray scatter = outputs.scatter();
        NDArray scores =
            Kernels.of(KERNELS)
                .call(
                    "feature_space_scores",
                    beside(scatter, WeightSlot.GATE),
                    beside(scatter, WeightSlot.UP),
                    beside(scatter, WeightSlot.DOWN),
                    scope.doubles(inputSquares, inputSquares.length),
                    scope.doubles(channelSquares, channelSquares.length),
                    scatter);
        return Map.of(SCORE, scores.toDoubleArray());
      }
    }

    private NDArray beside(NDArray other, WeightSlot slot) {
      return TorchFunctions.toDevice(weights.require(slot), other.getDevice());
    }

    @Override
    public void close() {
      outputs.close();
    }
  }
}
