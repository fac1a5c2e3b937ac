package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.espalier.torch.TorchFunctions;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.WeightSlot;

/** A plan applied for real: the slices of removed units are gone and blocks are smaller. */
public final class CutBlocks extends PlannedBlocks {
  /**
   * @param dense stays open and is not closed by this source
   * @param headSize width e of one head
   */
  public CutBlocks(BlockSource dense, Plan plan, int headSize) {
    this(dense, plan.blocks(), plan.compensation(), headSize);
  }

  public CutBlocks(
      BlockSource dense, List<BlockPlan> plans, Compensation compensation, int headSize) {
    super(dense, plans, compensation, headSize);
  }

  @Override
  public BlockShape shape(int block) {
    return plan(block).pruned();
  }

  @Override
  Map<WeightSlot, NDArray> transform(BlockPlan plan, BlockWeights weights) {
    Map<WeightSlot, NDArray> cut = new EnumMap<>(WeightSlot.class);
    weights
        .tensors()
        .forEach(
            (slot, tensor) -> {
              UnitSet kept = UnitSlices.kept(slot, plan);
              var slices = UnitSlices.of(slot, kept, plan, headSize());
              if (slices.isEmpty() || isUntouched(plan, slot.kind())) {
                cut.put(slot, tensor);
              } else if (!kept.isEmpty()) {
                cut.put(
                    slot,
                    TorchFunctions.select(
                        tensor, slices.get().dimension(), indices(slices.get().indices())));
              }
              // Tensors of a sub-layer without units are left out; its output bias stays.
            });
    return cut;
  }
}
