package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;

/**
 * The blocks of another source with tensors exchanged. New tensors live as long as the weights they
 * were made for, which are closed with them.
 */
public abstract class ExchangedBlocks extends ForwardingBlocks {
  /**
   * Looks at another source.
   *
   * @param source stays open and is not closed by this one
   */
  protected ExchangedBlocks(BlockSource source) {
    super(source);
  }

  /**
   * The tensors of one block, made inside the current scope; unchanged ones may be passed on.
   *
   * @param weights of the other source
   */
  protected abstract Map<WeightSlot, NDArray> exchange(int block, BlockWeights weights);

  @Override
  public final BlockWeights load(int block) {
    BlockWeights weights = source().load(block);
    TensorStore store = new TensorStore(device());
    try (TorchScope scope = TorchScope.open(device())) {
      Map<WeightSlot, NDArray> tensors = exchange(block, weights);
      tensors.forEach(
          (slot, tensor) -> {
            if (weights.get(slot).orElse(null) != tensor) {
              store.adopt(tensor);
            }
          });
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
