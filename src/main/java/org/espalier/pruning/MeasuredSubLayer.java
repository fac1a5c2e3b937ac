package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;

/**
 * One sub-layer before pruning, as selectors and compensators see it. Arrays are made inside the
 * current {@link org.espalier.torch.TorchScope}.
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
