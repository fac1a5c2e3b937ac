package org.espalier.recovery;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Adapters;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.WeightSlot;

/**
 * The adapters of all blocks, float32. A begins uniform within 1/sqrt(inputs) and B at zero, so
 * that they change nothing at first (LoRA, section 4.1; the bounds are those of the authors' code).
 */
final class LowRankAdapters implements AutoCloseable {
  static final String KERNELS = "torchscript/recovery.py";

  private final TensorStore store;
  private final double scale;
  private final List<Adapters> blocks = new ArrayList<>();

  /**
   * @param decoder the model to adapt; sub-layers that it lacks get no adapters
   */
  LowRankAdapters(Decoder decoder, RecoverySettings settings) {
    Device device = decoder.device();
    store = new TensorStore(device);
    scale = settings.scale();
    TorchFunctions.seed(settings.seed());
    try (TorchScope scope = TorchScope.open(device)) {
      NDArray scaling = store.adopt(scope.array(new float[] {(float) scale}));
      NDArray dropout = store.adopt(scope.array(new float[] {(float) settings.dropout()}));
      for (int block = 0; block < decoder.blocks().blocks(); block++) {
        Map<WeightSlot, Adapters.Pair> pairs = new EnumMap<>(WeightSlot.class);
        for (WeightSlot slot : settings.targets()) {
          if (decoder.blocks().shape(block).units(slot.kind()) > 0) {
            pairs.put(slot, pair(decoder, block, slot, settings.rank()));
          }
        }
        blocks.add(new Adapters(pairs, scaling, dropout));
      }
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Adapters.Pair pair(Decoder decoder, int block, WeightSlot slot, int rank) {
    long[] dimensions =
        slot.dimensions(
            decoder.blocks().shape(block),
            decoder.config().hiddenSize(),
            decoder.config().headSize());
    TorchScope scope = TorchScope.current();
    NDArray drawn =
        Kernels.of(KERNELS)
            .call("uniform", new long[] {rank, dimensions[1]}, 1 / Math.sqrt(dimensions[1]));
    return new Adapters.Pair(
        store.adopt(TorchFunctions.copy(TorchFunctions.toDevice(drawn, scope.device()))),
        store.adopt(scope.manager().zeros(new Shape(dimensions[0], rank))));
  }

  /** alpha / rank. */
  double scale() {
    return scale;
  }

  Adapters of(int block) {
    return blocks.get(block);
  }

  /** All factors, in a fixed order. */
  List<NDArray> factors() {
    return blocks.stream()
        .flatMap(block -> block.pairs().values().stream())
        .flatMap(pair -> Stream.of(pair.narrow(), pair.wide()))
        .toList();
  }

  /** The blocks of another source with these beside their projections. */
  BlockSource beside(BlockSource source) {
    return new AdaptedBlocks(source, this);
  }

  /** The blocks of another source with these added into their weights. */
  BlockSource into(BlockSource source) {
    return new MergedBlocks(source, this);
  }

  @Override
  public void close() {
    store.close();
  }
}
