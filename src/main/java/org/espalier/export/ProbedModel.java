package org.espalier.export;

import ai.djl.ndarray.NDArray;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;

/** A model, wherever its weights come from, that computes the logits of one short text. */
abstract class ProbedModel {
  /** Rows of the head that are widened at a time. */
  private static final long HEAD_ROWS = 8192;

  private final Decoder decoder;

  /**
   * @param decoder gives configuration and computation, not the weights
   */
  ProbedModel(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Rows of the embedding, [1, T, d]. */
  abstract NDArray embed(int[] ids);

  abstract int blocks();

  /** The decoder's block whose place a block takes. */
  abstract int place(int block);

  abstract BlockWeights load(int block);

  /** Weight of the final norm, [d]. */
  abstract NDArray finalNorm();

  /** Consecutive rows of the head, [count, d]. */
  abstract NDArray head(long start, long count);

  /** Logits [T, V], row by row, of one text of token ids; needs an open scope. */
  final float[] logits(int[] ids, Progress progress) {
    NDArray hidden = decoder.enter(embed(ids));
    for (int block = 0; block < blocks(); block++) {
      progress.report("Computing block " + block + " for the check", block, blocks());
      hidden = forward(block, hidden);
    }
    NDArray norm = finalNorm();
    int vocabulary = decoder.config().vocabularySize();
    float[] logits = new float[Math.multiplyExact(ids.length, vocabulary)];
    for (long start = 0; start < vocabulary; start += HEAD_ROWS) {
      try (TorchScope scope = TorchScope.open()) {
        int count = (int) Math.min(HEAD_ROWS, vocabulary - start);
        float[] part = decoder.logits(hidden, norm, head(start, count)).toFloatArray();
        for (int row = 0; row < ids.length; row++) {
          System.arraycopy(part, row * count, logits, row * vocabulary + (int) start, count);
        }
      }
    }
    return logits;
  }

  private NDArray forward(int block, NDArray hidden) {
    try (TorchScope scope = TorchScope.open();
        BlockWeights weights = load(block)) {
      return scope.keep(decoder.forward(place(block), weights, hidden));
    }
  }
}
