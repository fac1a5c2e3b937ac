package org.espalier.evaluation;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.EspalierException;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Decoder;

/**
 * How well a decoder foresees the tokens of windows, from the hidden states behind its last block.
 * The first token of a window is not scored; logits are float32, means double precision.
 */
final class WindowLosses {
  private static final long LARGEST_LOGITS_BYTES = 64L << 20;

  private final Decoder decoder;
  private final TokenWindows windows;

  WindowLosses(Decoder decoder, TokenWindows windows) {
    this.decoder = decoder;
    this.windows = windows;
  }

  /**
   * @throws EspalierException if there is nothing to score
   */
  static void requireScored(TokenWindows windows) {
    if (windows.length() < 2) {
      throw new EspalierException(
          "Perplexity needs windows of at least 2 tokens, because the first one is not scored");
    }
  }

  /** Mean negative log-likelihood of each window in [from, to), from its last hidden state. */
  double[] means(NDArray hidden, int from, int to) {
    int length = windows.length();
    double[] sums = new double[to - from];
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray flat = hidden.reshape(-1, decoder.config().hiddenSize());
      int rows = (to - from) * length;
      int step = (int) Math.max(1, LARGEST_LOGITS_BYTES / (4L * decoder.config().vocabularySize()));
      int[] targets = targets(from, to);
      for (int row = 0; row < rows; row += step) {
        int count = Math.min(step, rows - row);
        float[] losses = losses(flat, row, Arrays.copyOfRange(targets, row, row + count));
        for (int i = 0; i < count; i++) {
          // The last position of a window predicts nothing of it.
          if ((row + i) % length != length - 1) {
            sums[(row + i) / length] += losses[i];
          }
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= length - 1;
    }
    return sums;
  }

  private float[] losses(NDArray flat, int row, int[] targets) {
    try (TorchScope scope = TorchScope.open()) {
      NDArray part = TorchFunctions.rows(flat, row, targets.length).expandDims(0);
      NDArray logits = decoder.logits(part).squeeze(0);
      return TorchFunctions.crossEntropy(logits, scope.tokens(targets).squeeze(0)).toFloatArray();
    }
  }

  /** The next token of every position, row by row; behind the last one any id will do. */
  private int[] targets(int from, int to) {
    int length = windows.length();
    int[] targets = new int[(to - from) * length];
    for (int window = from; window < to; window++) {
      System.arraycopy(windows.window(window), 1, targets, (window - from) * length, length - 1);
    }
    return targets;
  }
}
