package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.GramCollector;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * Fits every output channel c of the kept units to that of all units by least squares, {@code y_c ≈
 * a_c x_c + b_c}, in closed form from the second moments of the inputs. The slope scales the rows
 * of the output projection, the intercept goes to its bias (SlimLLM, linear regression strategy).
 * An output that does not vary keeps slope 1.
 */
public final class AffineCompensator implements Compensator {
  public static final AffineCompensator INSTANCE = new AffineCompensator();

  private AffineCompensator() {}

  @Override
  public Set<Collector> collectors() {
    return Set.of(GramCollector.INSTANCE);
  }

  @Override
  public Optional<OutputRepair> repair(MeasuredSubLayer subLayer, UnitSet kept) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray gram = subLayer.gram();
      NDArray fitted =
          Kernels.of(PlannedBlocks.KERNELS)
              .call(
                  "affine",
                  TorchFunctions.toDevice(subLayer.outputWeight(), gram.getDevice()),
                  gram,
                  subLayer.inputMean(),
                  TorchFunctions.toDevice(
                      PlannedBlocks.indices(subLayer.inputs(kept)), gram.getDevice()));
      return Optional.of(OutputRepair.affine(floats(fitted.get(0)), floats(fitted.get(1))));
    }
  }

  private static float[] floats(NDArray vector) {
    double[] values = vector.toDoubleArray();
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
