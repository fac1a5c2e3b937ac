package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.Set;
import org.espalier.statistics.ActivationCollector;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.Collector;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;

/**
 * Adds what removed units gave on average: {@code b += Σ_{j removed} m_j · W[:,j]} with the mean
 * input m and the output projection W (FLAP, equation 9).
 */
public final class MeanCompensator implements Compensator {
  public static final MeanCompensator INSTANCE = new MeanCompensator();

  private MeanCompensator() {}

  /** This one or none. */
  static Compensator when(boolean wanted) {
    return wanted ? INSTANCE : Compensator.NONE;
  }

  @Override
  public Set<Collector> collectors() {
    return Set.of(ActivationCollector.INSTANCE);
  }

  @Override
  public Optional<OutputRepair> repair(MeasuredSubLayer subLayer, UnitSet kept) {
    try (TorchScope scope = TorchScope.open()) {
      double[] mean = subLayer.statistic(ActivationStatistics.MEAN);
      float[] means = new float[mean.length];
      for (int j = 0; j < means.length; j++) {
        means[j] = (float) mean[j];
      }
      NDArray bias =
          Kernels.of(PlannedBlocks.KERNELS)
              .call(
                  "mean_output",
                  subLayer.outputWeight(),
                  PlannedBlocks.indices(subLayer.inputs(kept.complement(subLayer.units()))),
                  scope.array(means, means.length));
      return Optional.of(OutputRepair.bias(bias.toFloatArray()));
    }
  }
}
