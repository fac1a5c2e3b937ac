package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.espalier.torch.TorchFunctions;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.WeightSlot;

/**
 * A plan applied as a mask: all shapes stay, and the output projections read nothing from removed
 * units. Gives the same logits as {@link CutBlocks}.
 */
public final class MaskedBlocks extends PlannedBlocks {
  /**
   * @param dense stays open and is not closed by this source
   * @param headSize width e of one head
   */
  public MaskedBlocks(BlockSource dense, Plan plan, int headSize) {
    this(dense, plan.blocks(), plan.compensation(), headSize);
  }

  /** As {@link #MaskedBlocks(BlockSource, Plan, int)}, of a plan that nobody keeps. */
  public MaskedBlocks(
      BlockSource dense, List<BlockPlan> plans, Compensation compensation, int headSize) {
    super(dense, plans, compensation, headSize);
  }

  @Override
  Map<WeightSlot, NDArray> transform(BlockPlan plan, BlockWeights weights) {
    Map<WeightSlot, NDArray> masked = weights.exchangeableTensors();
    for (WeightSlot slot : new WeightSlot[] {WeightSlot.OUTPUT, WeightSlot.DOWN}) {
      if (masked.containsKey(slot) && !isUntouched(plan, slot.kind())) {
        UnitSet removed = UnitSlices.kept(slot, plan).complement(UnitSlices.count(slot, plan));
        UnitSlices slices = UnitSlices.of(slot, removed, plan, headSize()).orElseThrow();
        masked.put(slot, TorchFunctions.without(masked.get(slot), 1, indices(slices.indices())));
      }
    }
    return masked;
  }
}
