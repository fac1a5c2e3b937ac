package org.espalier.export;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.Map;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.task.Progress;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.WeightSlot;

/** A model whose weights are what storing them leaves, computed in float32. */
final class RoundedModel extends ProbedModel {
  private final PrunedModel model;
  private final Rounding rounding;
  private final DecoderLayout layout;
  private final TensorFiles files;

  private RoundedModel(PrunedModel model, Rounding rounding, TensorFiles files) {
    super(model.decoder());
    this.model = model;
    this.rounding = rounding;
    this.layout = DecoderLayout.of(model.source());
    this.files = files;
  }

  /** Logits [T, V], row by row, of one text of token ids. */
  static float[] logits(PrunedModel model, Rounding rounding, int[] ids, Progress progress) {
    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(model.decoder().device())) {
      return new RoundedModel(model, rounding, files).logits(ids, progress);
    }
  }

  @Override
  NDArray embed(int[] ids) {
    return rounding.round(model.decoder().embeddings(TorchScope.current().tokens(ids)));
  }

  @Override
  int blocks() {
    return model.decoder().blocks().blocks();
  }

  @Override
  int place(int block) {
    return block;
  }

  @Override
  BlockWeights load(int block) {
    BlockWeights weights = model.decoder().blocks().load(block);
    Map<WeightSlot, NDArray> tensors = new EnumMap<>(WeightSlot.class);
    weights.tensors().forEach((slot, tensor) -> tensors.put(slot, rounding.round(tensor)));
    return new BlockWeights(weights.shape(), tensors, weights::close);
  }

  @Override
  NDArray finalNorm() {
    return rounding.round(onDevice(model.narrowed(files.view(layout.finalNorm()))));
  }

  @Override
  NDArray head(long start, long count) {
    TensorInfo head = layout.head();
    return rounding.round(
        onDevice(model.narrowed(TorchFunctions.rows(files.view(head), start, count))));
  }

  private NDArray onDevice(NDArray array) {
    return TorchFunctions.toDevice(array, model.decoder().device());
  }
}
