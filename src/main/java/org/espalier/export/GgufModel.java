package org.espalier.export;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.espalier.export.gguf.GgufFile;
import org.espalier.export.gguf.GgufQuantiser;
import org.espalier.export.gguf.GgufTensor;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.WeightSlot;

/** The model in a GGUF file, read back: rotary rows in the order of halves, all as float32. */
final class GgufModel extends ProbedModel {
  private final Decoder decoder;
  private final GgufLayout layout;
  private final GgufFile file;
  private final TensorFiles files;

  /**
   * @param decoder gives configuration and computation, not the weights
   * @param files opened by the caller, who closes it
   */
  GgufModel(Decoder decoder, GgufLayout layout, GgufFile file, TensorFiles files) {
    super(decoder);
    this.decoder = decoder;
    this.layout = layout;
    this.file = file;
    this.files = files;
  }

  @Override
  NDArray embed(int[] ids) {
    NDArray rows = rows(GgufLayout.EMBEDDING, ids[0], 1);
    for (int i = 1; i < ids.length; i++) {
      rows = rows.concat(rows(GgufLayout.EMBEDDING, ids[i], 1));
    }
    return rows.reshape(1, ids.length, decoder.config().hiddenSize());
  }

  @Override
  int blocks() {
    return layout.blocks().size();
  }

  @Override
  int place(int block) {
    return layout.blocks().get(block).index();
  }

  @Override
  BlockWeights load(int block) {
    FolderLayout.Block written = layout.blocks().get(block);
    Map<WeightSlot, NDArray> tensors = new EnumMap<>(WeightSlot.class);
    for (WeightSlot slot : written.slots()) {
      tensors.put(slot, tensor(slot, block));
    }
    return new BlockWeights(written.shape(), tensors, () -> {});
  }

  /** One tensor of a block. */
  NDArray tensor(WeightSlot slot, int block) {
    NDArray stored = tensor(GgufLayout.name(slot, block));
    return GgufLayout.ROTATED.contains(slot)
        ? GgufQuantiser.toHalves(stored, decoder.config().headSize())
        : stored;
  }

  /** One tensor by its name. */
  NDArray tensor(String name) {
    GgufTensor tensor = file.tensors().get(name);
    return onDevice(GgufQuantiser.read(files.view(file.stored(tensor)), tensor));
  }

  @Override
  NDArray finalNorm() {
    return tensor(GgufLayout.FINAL_NORM);
  }

  @Override
  NDArray head(long start, long count) {
    boolean tied = !file.tensors().containsKey(GgufLayout.HEAD);
    return rows(tied ? GgufLayout.EMBEDDING : GgufLayout.HEAD, start, count);
  }

  /** Consecutive rows of a matrix, without reading the others. */
  NDArray rows(String name, long start, long count) {
    GgufTensor whole = file.tensors().get(name);
    long columns = whole.shape().get(1);
    NDArray stored = files.view(file.stored(whole)).reshape(whole.shape().get(0), -1);
    GgufTensor part = new GgufTensor(name, whole.type(), List.of(count, columns));
    return onDevice(GgufQuantiser.read(TorchFunctions.rows(stored, start, count), part));
  }

  private NDArray onDevice(NDArray array) {
    return TorchFunctions.toDevice(array, TorchScope.current().device());
  }
}
