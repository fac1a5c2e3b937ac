package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;

/** Column norms of the output projections; needs no text. */
public final class WeightCollector implements Collector {
  public static final WeightCollector INSTANCE = new WeightCollector();

  private WeightCollector() {}

  @Override
  public String id() {
    return "weights-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(WeightStatistics.SQUARED_NORM, WeightStatistics.ABSOLUTE_MEAN);
  }

  @Override
  public boolean readsActivations() {
    return false;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray weight = weights.require(WeightSlot.output(subLayer.kind()));
      return new Measured(
          Map.of(
              WeightStatistics.SQUARED_NORM, doubles(weight.square().sum(new int[] {0})),
              WeightStatistics.ABSOLUTE_MEAN, doubles(weight.abs().mean(new int[] {0}))));
    }
  }

  private static double[] doubles(NDArray vector) {
    float[] values = vector.toFloatArray();
    double[] doubles = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      doubles[j] = values[j];
    }
    return doubles;
  }
}
