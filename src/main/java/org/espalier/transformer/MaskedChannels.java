package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * The blocks of another source that write nothing to some channels of the residual stream, and work
 * on a stream that is larger by a factor, see {@link Decoder#masked}.
 */
final class MaskedChannels extends ExchangedBlocks {
  private final long[] removed;
  private final double scale;

  MaskedChannels(BlockSource source, long[] removed, double scale) {
    super(source);
    this.removed = removed.clone();
    this.scale = scale;
  }

  @Override
  protected Map<WeightSlot, NDArray> exchange(int block, BlockWeights weights) {
    NDArray indices = TorchScope.current().manager().create(removed);
    Map<WeightSlot, NDArray> masked = weights.exchangeableTensors();
    masked.replaceAll(
        (slot, tensor) -> {
          if (writesTheStream(slot)) {
            return TorchFunctions.without(tensor, 0, indices).mul(scale);
          }
          return readsTheStream(slot) ? tensor.div(scale) : tensor;
        });
    return masked;
  }

  private static boolean writesTheStream(WeightSlot slot) {
    return slot == WeightSlot.output(slot.kind()) || slot.isOutputBias();
  }

  private static boolean readsTheStream(WeightSlot slot) {
    return slot.isNorm() && !slot.isPostNorm() && slot.hiddenDimension().isPresent();
  }
}
