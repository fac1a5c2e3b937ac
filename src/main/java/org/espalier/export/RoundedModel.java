package org.espalier.export;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.Map;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.task.Progress;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.WeightSlot;

/** A model with every weight rounded to an element type, computed in float32. */
final class RoundedModel {
  /** Rows of the head that are widened at a time. */
  private static final long HEAD_ROWS = 8192;

  private final PrunedModel model;
  private final DType dtype;

  RoundedModel(PrunedModel model, DType dtype) {
    this.model = model;
    this.dtype = dtype;
  }

  /** Logits [T, V], row by row, of one text of token ids. */
  float[] logits(int[] ids, Progress progress) {
    Decoder decoder = model.decoder();
    DecoderLayout layout = DecoderLayout.of(model.source());
    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray hidden = decoder.enter(round(decoder.embeddings(scope.tokens(ids))));
      int blocks = decoder.blocks().blocks();
      for (int block = 0; block < blocks; block++) {
        progress.report("Computing block " + block + " for the check", block, blocks);
        hidden = block(block, hidden);
      }
      NDArray norm = rounded(files, layout.finalNorm(), 0, layout.config().hiddenSize());
      return headed(files, layout.head(), hidden, norm, ids.length);
    }
  }

  private NDArray block(int block, NDArray hidden) {
    try (TorchScope scope = TorchScope.open();
        BlockWeights weights = rounded(model.decoder().blocks().load(block))) {
      return scope.keep(model.decoder().forward(block, weights, hidden));
    }
  }

  private BlockWeights rounded(BlockWeights weights) {
    Map<WeightSlot, NDArray> tensors = new EnumMap<>(WeightSlot.class);
    weights.tensors().forEach((slot, tensor) -> tensors.put(slot, round(tensor)));
    return new BlockWeights(weights.shape(), tensors, weights::close);
  }

  private float[] headed(
      TensorFiles files, TensorInfo head, NDArray hidden, NDArray norm, int length) {
    int vocabulary = Math.toIntExact(head.shape().get(0));
    float[] logits = new float[Math.multiplyExact(length, vocabulary)];
    for (long start = 0; start < vocabulary; start += HEAD_ROWS) {
      try (TorchScope scope = TorchScope.open()) {
        int count = (int) Math.min(HEAD_ROWS, vocabulary - start);
        NDArray rows = rounded(files, head, start, count);
        float[] part = model.decoder().logits(hidden, norm, rows).toFloatArray();
        for (int row = 0; row < length; row++) {
          System.arraycopy(part, row * count, logits, row * vocabulary + (int) start, count);
        }
      }
    }
    return logits;
  }

  private NDArray rounded(TensorFiles files, TensorInfo tensor, long start, long count) {
    NDArray rows = TorchFunctions.rows(files.view(tensor), start, count);
    return round(TorchFunctions.toDevice(rows, model.decoder().device()));
  }

  private NDArray round(NDArray array) {
    return TorchFunctions.convert(TorchFunctions.convert(array, dtype), DType.F32);
  }
}
