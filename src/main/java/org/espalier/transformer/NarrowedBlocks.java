package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.Map;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** The blocks of another source on some channels of the residual stream. */
final class NarrowedBlocks extends ForwardingBlocks {
  private final long[] channels;

  NarrowedBlocks(BlockSource source, long[] channels) {
    super(source);
    this.channels = channels.clone();
  }

  @Override
  public BlockWeights load(int block) {
    BlockWeights weights = source().load(block);
    TensorStore store = new TensorStore(device());
    try (TorchScope scope = TorchScope.open(device())) {
      NDArray indices = scope.manager().create(channels);
      Map<WeightSlot, NDArray> narrowed = new EnumMap<>(WeightSlot.class);
      weights
          .tensors()
          .forEach(
              (slot, tensor) ->
                  narrowed.put(
                      slot,
                      slot.hiddenDimension().isEmpty()
                          ? tensor
                          : store.adopt(
                              TorchFunctions.select(
                                  tensor, slot.hiddenDimension().getAsInt(), indices))));
      return new BlockWeights(
          weights.shape(),
          narrowed,
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
