package org.espalier.export;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Optional;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Decoder;

/**
 * A model that is to be exported. Whoever made it closes both parts.
 *
 * @param source the checkpoint it was made from; gives embedding, final norm, head and the files
 *     beside the weights
 * @param decoder of that checkpoint, with the blocks as they are to be written
 * @param hiddenChannels of the source that the decoder has, ascending; empty where it has all
 */
public record PrunedModel(Checkpoint source, Decoder decoder, Optional<int[]> hiddenChannels) {
  /** On all hidden channels of the source. */
  public PrunedModel(Checkpoint source, Decoder decoder) {
    this(source, decoder, Optional.empty());
  }

  /**
   * What the decoder has of the source's embedding, norm or head.
   *
   * @param end whose last dimension runs along hidden channels
   */
  NDArray narrowed(NDArray end) {
    return hiddenChannels
        .map(
            channels ->
                TorchFunctions.select(
                    end, end.getShape().dimension() - 1, indices(channels, end.getDevice())))
        .orElse(end);
  }

  private static NDArray indices(int[] channels, Device device) {
    return TorchFunctions.toDevice(
        TorchScope.current().manager().create(Arrays.stream(channels).asLongStream().toArray()),
        device);
  }
}
