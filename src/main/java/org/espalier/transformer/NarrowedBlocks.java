package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** The blocks of another source on some channels of the residual stream. */
final class NarrowedBlocks extends ExchangedBlocks {
  private final long[] channels;

  NarrowedBlocks(BlockSource source, long[] channels) {
    super(source);
    this.channels = channels.clone();
  }

  @Override
  protected Map<WeightSlot, NDArray> exchange(int block, BlockWeights weights) {
    NDArray indices = TorchScope.current().manager().create(channels);
    Map<WeightSlot, NDArray> narrowed = weights.exchangeableTensors();
    narrowed.replaceAll(
        (slot, tensor) ->
            slot.hiddenDimension().isEmpty()
                ? tensor
                : TorchFunctions.select(tensor, slot.hiddenDimension().getAsInt(), indices));
    return narrowed;
  }
}
