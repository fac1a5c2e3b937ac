package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;
import org.espalier.transformer.WeightSlot;

/**
 * Removes the units of a sub-layer one after the other in thought, always the one whose removal
 * costs least while the others take over what they can (optimal brain surgeon, Hassibi and Stork
 * 1993, equations 5 and 6, for the squared error of the output projection, as in the local step of
 * Týr-the-Pruner). The covariance of the inputs is centred, because a bias takes over their mean.
 *
 * <p>Only two vectors per sub-layer are kept, so that a dense pass can measure all of them.
 *
 * @param damping share of the mean variance that is added to every input's
 */
public record EliminationCollector(double damping) implements Collector {
  /** Place of each unit in the order of removal, the first removed being 0. */
  public static final String RANK = "elimination.rank";

  /** Mean squared error per token that the removal of each unit adds at its place. */
  public static final String COST = "elimination.cost";

  /** Inputs of the output projection that belong to one unit; one value. */
  public static final String WIDTH = "elimination.width";

  static final String KERNELS = "torchscript/second_order.py";

  /** Wide sub-layers lose several units at a step, so that there are at most so many steps. */
  private static final int STEPS = 512;

  @Override
  public String id() {
    return String.format(Locale.ROOT, "elimination-1-%s", damping);
  }

  @Override
  public Set<String> names() {
    return Set.of(RANK, COST, WIDTH);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    return new Elimination(
        weights.require(WeightSlot.output(subLayer.kind())),
        weights.shape().units(subLayer.kind()));
  }

  private final class Elimination implements Accumulator {
    private final SecondMoments moments = new SecondMoments();
    private final NDArray weight;
    private final int units;

    Elimination(NDArray weight, int units) {
      this.weight = weight;
      this.units = units;
    }

    @Override
    public void observe(SubLayerActivations activations) {
      moments.add(activations.units());
    }

    @Override
    public Map<String, double[]> finish() {
      try (TorchScope scope = TorchScope.open()) {
        int width = Math.toIntExact(weight.getShape().get(1) / units);
        NDArray covariance = moments.covariance();
        NDList result =
            Kernels.of(KERNELS)
                .callForList(
                    "eliminate", weight, covariance, damping, width, Math.max(1, units / STEPS));
        return Map.of(
            RANK,
            result.get(0).toDoubleArray(),
            COST,
            result.get(1).toDoubleArray(),
            WIDTH,
            new double[] {width});
      }
    }

    @Override
    public void close() {
      moments.close();
    }
  }
}
