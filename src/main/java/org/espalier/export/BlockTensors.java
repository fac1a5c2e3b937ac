package org.espalier.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.WeightSlot;

/**
 * The tensors of one block in the widths that a target wants: what the model's block lacks is zero,
 * which changes nothing it computes.
 */
record BlockTensors(FolderLayout.Block block, DecoderConfig config) {
  private static final String KERNELS = "torchscript/export.py";

  /** Dimensions of one tensor, outermost first. */
  long[] dimensions(WeightSlot slot) {
    return slot.dimensions(block.shape(), config.hiddenSize(), config.headSize());
  }

  /** One tensor, float32, in the innermost scope. */
  NDArray of(BlockWeights weights, WeightSlot slot) {
    long[] dimensions = dimensions(slot);
    Optional<NDArray> present = weights.get(slot);
    if (present.isEmpty()) {
      return TorchScope.current().manager().zeros(new Shape(dimensions));
    }
    return Arrays.equals(present.get().getShape().getShape(), dimensions)
        ? present.get()
        : Kernels.of(KERNELS).call("padded", present.get(), dimensions);
  }
}
