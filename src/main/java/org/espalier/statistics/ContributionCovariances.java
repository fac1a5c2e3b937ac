package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * For every output channel of a sub-layer, how the contributions of its units vary together over
 * tokens, {@code [d, units, units]}: enough to correlate the output of any set of units with the
 * whole output (SlimLLM, section on head pruning). Lives in the scope in which it is made.
 */
public final class ContributionCovariances {
  private static final String KERNELS = "torchscript/statistics.py";

  private final NDArray covariances;
  private final int units;

  private ContributionCovariances(NDArray covariances, int units) {
    this.covariances = covariances;
    this.units = units;
  }

  /**
   * From what the output projection reads: contributions are linear in it.
   *
   * @param weight output projection, [d, inputs]
   * @param scatter centred second moments of the inputs up to a factor, [inputs, inputs], float64
   * @param units each owns inputs/units consecutive inputs
   */
  public static ContributionCovariances of(NDArray weight, NDArray scatter, int units) {
    return new ContributionCovariances(
        Kernels.of(KERNELS)
            .call(
                "contribution_covariances",
                TorchFunctions.toDevice(weight, scatter.getDevice()),
                scatter,
                units),
        units);
  }

  /**
   * {@code Sim(R) = Σ_c |corr(output c of the units R, output c of all units)|} for several sets R;
   * an output that does not vary counts 0.
   *
   * @param sets [sets][units], true for the units in R
   * @return one value from 0 to d per set
   */
  public double[] similarities(boolean[]... sets) {
    try (TorchScope scope = TorchScope.open()) {
      double[] flat = new double[sets.length * units];
      for (int set = 0; set < sets.length; set++) {
        for (int unit = 0; unit < units; unit++) {
          flat[set * units + unit] = sets[set][unit] ? 1 : 0;
        }
      }
      NDArray selected = scope.doubles(flat, sets.length, units);
      return Kernels.of(KERNELS).call("similarities", covariances, selected).toDoubleArray();
    }
  }
}
