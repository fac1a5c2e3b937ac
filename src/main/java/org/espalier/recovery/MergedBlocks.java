package org.espalier.recovery;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.espalier.torch.Kernels;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.ExchangedBlocks;
import org.espalier.transformer.WeightSlot;

/** Blocks with adapters added into their weights: W + (alpha / rank) B A. */
final class MergedBlocks extends ExchangedBlocks {
  private final LowRankAdapters adapters;

  /**
   * @param source stays open and is not closed by this one
   */
  MergedBlocks(BlockSource source, LowRankAdapters adapters) {
    super(source);
    this.adapters = adapters;
  }

  @Override
  protected Map<WeightSlot, NDArray> exchange(int block, BlockWeights weights) {
    Map<WeightSlot, NDArray> tensors = weights.exchangeableTensors();
    adapters
        .of(block)
        .pairs()
        .forEach(
            (slot, pair) ->
                tensors.put(
                    slot,
                    Kernels.of(LowRankAdapters.KERNELS)
                        .call(
                            "merged",
                            weights.require(slot),
                            pair.narrow(),
                            pair.wide(),
                            adapters.scale())));
    return tensors;
  }
}
