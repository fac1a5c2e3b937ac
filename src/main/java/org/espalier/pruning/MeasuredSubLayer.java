package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;
import org.espalier.statistics.GramCollector;
import org.espalier.statistics.Statistics;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;

/**
 * One sub-layer before pruning, as selectors and compensators see it. Arrays are made inside the
 * current {@link TorchScope}.
 */
public final class MeasuredSubLayer {
  private final SubLayer subLayer;
  private final BlockPlan whole;
  private final int headSize;
  private final Supplier<BlockWeights> block;
  private final Statistics statistics;

  /**
   * @param block loads the dense block when first asked for
   * @param statistics that hold everything the recipe measures for this sub-layer
   */
  MeasuredSubLayer(
      SubLayer subLayer,
      BlockPlan whole,
      int headSize,
      Supplier<BlockWeights> block,
      Statistics statistics) {
    this.subLayer = subLayer;
    this.whole = whole;
    this.headSize = headSize;
    this.block = block;
    this.statistics = statistics;
  }

  public SubLayer subLayer() {
    return subLayer;
  }

  /** How many units there are. */
  public int units() {
    return whole.dense().units(subLayer.kind());
  }

  /** Inputs of the output projection that belong to one unit: g·e for a head group, else 1. */
  public int inputsPerUnit() {
    return inputs(UnitSet.of(0)).length;
  }

  /** A statistic of this sub-layer; do not modify. */
  public double[] statistic(String name) {
    return statistics.vector(subLayer, name);
  }

  /**
   * Mean over tokens of x xᵀ for the inputs x of the output projection, [inputs, inputs], float64.
   * Needs {@link GramCollector}.
   */
  public NDArray gram() {
    int inputs = statistic(GramCollector.INPUT_MEAN).length;
    return TorchScope.current().doubles(statistic(GramCollector.INPUT_GRAM), inputs, inputs);
  }

  /** Mean over tokens of the inputs of the output projection, [inputs], float64; likewise. */
  public NDArray inputMean() {
    double[] mean = statistic(GramCollector.INPUT_MEAN);
    return TorchScope.current().doubles(mean, mean.length);
  }

  /** Covariance over tokens of the inputs, [inputs, inputs], float64; likewise. */
  public NDArray inputCovariance() {
    return Kernels.of(PlannedBlocks.KERNELS).call("centred", gram(), inputMean());
  }

  /** The output projection W, [d, inputs], float32; do not modify. */
  public NDArray outputWeight() {
    return block.get().require(WeightSlot.output(subLayer.kind()));
  }

  /** Any tensor of the dense block; do not modify. */
  public BlockWeights block() {
    return block.get();
  }

  /** Indices of the inputs of the output projection that belong to units, ascending. */
  public long[] inputs(UnitSet units) {
    return UnitSlices.of(WeightSlot.output(subLayer.kind()), units, whole, headSize)
        .orElseThrow()
        .indices();
  }
}
