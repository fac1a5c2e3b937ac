package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * The blocks of another source that write nothing to some channels of the residual stream, and work
 * on a stream that is larger by a factor, see {@link Decoder#masked}.
 */
final class MaskedChannels extends ForwardingBlocks {
  private final long[] removed;
  private final double scale;

  MaskedChannels(BlockSource source, long[] removed, double scale) {
    super(source);
    this.removed = removed.clone();
    this.scale = scale;
  }

  @Override
  public BlockWeights load(int block) {
    BlockWeights weights = source().load(block);
    TensorStore store = new TensorStore(device());
    try (TorchScope scope = TorchScope.open(device())) {
      Map<WeightSlot, NDArray> masked = weights.exchangeableTensors();
      for (Map.Entry<WeightSlot, NDArray> entry : masked.entrySet()) {
        WeightSlot slot = entry.getKey();
        if (writesTheStream(slot)) {
          NDArray indices = scope.manager().create(removed);
          NDArray rest = TorchFunctions.without(entry.getValue(), 0, indices);
          entry.setValue(store.adopt(rest.mul(scale)));
        } else if (readsTheStream(slot)) {
          entry.setValue(store.adopt(entry.getValue().div(scale)));
        }
      }
      return new BlockWeights(
          weights.shape(),
          masked,
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

  private static boolean writesTheStream(WeightSlot slot) {
    return slot == WeightSlot.output(slot.kind()) || slot.isOutputBias();
  }

  private static boolean readsTheStream(WeightSlot slot) {
    return slot.isNorm() && !slot.isPostNorm() && slot.hiddenDimension().isPresent();
  }
}
