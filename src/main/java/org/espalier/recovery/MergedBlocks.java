package org.espalier.recovery;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.ForwardingBlocks;
import org.espalier.transformer.WeightSlot;

/** Blocks with adapters added into their weights: W + (alpha / rank) B A. */
final class MergedBlocks extends ForwardingBlocks {
  private final LowRankAdapters adapters;

  /**
   * @param source stays open and is not closed by this one
   */
  MergedBlocks(BlockSource source, LowRankAdapters adapters) {
    super(source);
    this.adapters = adapters;
  }

  @Override
  public BlockWeights load(int block) {
    BlockWeights weights = source().load(block);
    TensorStore store = new TensorStore(device());
    try (TorchScope scope = TorchScope.open(device())) {
      Map<WeightSlot, NDArray> tensors = weights.exchangeableTensors();
      adapters
          .of(block)
          .pairs()
          .forEach(
              (slot, pair) ->
                  tensors.put(
                      slot,
                      store.adopt(
                          Kernels.of(LowRankAdapters.KERNELS)
                              .call(
                                  "merged",
                                  weights.require(slot),
                                  pair.narrow(),
                                  pair.wide(),
                                  adapters.scale()))));
      return new BlockWeights(
          shape(block),
          tensors,
          () -> {
            store.close();
            weights.close();
          });
    } catch (RuntimeException e) {
      store.close();
      weights.close();
      throw e;
    }
  }
}
