package org.espalier.pruning;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.Set;
import org.espalier.statistics.ActivationCollector;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.Collector;
import org.espalier.statistics.GramCollector;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * Replaces the kept columns of the output projection by those that come closest, in mean square
 * over the calibration tokens, to what the whole projection gives: {@code W_k = W C_{:k} C_{kk}⁻¹}
 * with the damped covariance C of the inputs, and the bias {@code W m - W_k m_k} for their mean m
 * (Týr-the-Pruner's local step, with a bias).
 *
 * @param damping share of the mean variance that is added to every input's
 */
record LeastSquaresCompensator(double damping) implements Compensator {
  private static final String KERNELS = "torchscript/second_order.py";

  @Override
  public Set<Collector> collectors() {
    return Set.of(GramCollector.INSTANCE, ActivationCollector.INSTANCE);
  }

  @Override
  public Optional<OutputRepair> repair(MeasuredSubLayer subLayer, UnitSet kept) {
    if (kept.isEmpty()) {
      return MeanCompensator.INSTANCE.repair(subLayer, kept);
    }
    // On the processor, because not every accelerator has double precision.
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      double[] mean = subLayer.statistic(ActivationStatistics.MEAN);
      NDArray gram =
          scope
              .manager()
              .create(
                  subLayer.statistic(GramCollector.INPUT_GRAM),
                  new Shape(mean.length, mean.length));
      NDList repaired =
          Kernels.of(KERNELS)
              .callForList(
                  "reconstruct",
                  TorchFunctions.toDevice(subLayer.outputWeight(), Device.cpu()),
                  gram,
                  scope.manager().create(mean),
                  scope.manager().create(subLayer.inputs(kept)),
                  damping);
      return Optional.of(
          OutputRepair.replacement(
              repaired.get(0).toFloatArray(), Optional.of(repaired.get(1).toFloatArray())));
    }
  }
}
