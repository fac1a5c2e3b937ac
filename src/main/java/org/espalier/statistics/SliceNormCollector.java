package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;

/**
 * Size of every slice of every matrix that goes with a sub-layer's units, laid out as {@link
 * CoupledSlices} says; needs no text.
 */
public final class SliceNormCollector implements Collector {
  /** Sum of the absolute weights. */
  public static final String ABSOLUTE_SUM = "slice.absoluteSum";

  /** Sum of the squared weights. */
  public static final String SQUARED_SUM = "slice.squaredSum";

  public static final SliceNormCollector INSTANCE = new SliceNormCollector();

  private static final String KERNELS = "torchscript/gradients.py";

  private SliceNormCollector() {}

  @Override
  public String id() {
    return "sliceNorms-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(ABSOLUTE_SUM, SQUARED_SUM);
  }

  @Override
  public boolean readsActivations() {
    return false;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    double[] absolute = {};
    double[] squared = {};
    for (WeightSlot matrix : CoupledSlices.matrices(subLayer.kind())) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray norms =
            Kernels.of(KERNELS).call("norms", weights.require(matrix), CoupledSlices.along(matrix));
        double[][] rows = TensorRows.of(norms);
        absolute = joined(absolute, rows[0]);
        squared = joined(squared, rows[1]);
      }
    }
    return new Measured(Map.of(ABSOLUTE_SUM, absolute, SQUARED_SUM, squared));
  }

  private static double[] joined(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
