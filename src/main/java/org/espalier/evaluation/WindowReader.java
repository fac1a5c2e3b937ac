package org.espalier.evaluation;

import org.espalier.corpus.TokenWindows;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Decoder;

/**
 * Lets a model read single windows, for measurements that do not want all of them at once. The
 * first token of a window is not scored.
 */
public final class WindowReader {
  private final Decoder decoder;
  private final TokenWindows windows;
  private final WindowLosses losses;

  /**
   * @throws EspalierException if the windows leave nothing to score
   */
  public WindowReader(Decoder decoder, TokenWindows windows) {
    WindowLosses.requireScored(windows);
    this.decoder = decoder;
    this.windows = windows;
    losses = new WindowLosses(decoder, windows);
  }

  /** Mean negative log-likelihood of each window in [from, to), in nats per token. */
  public double[] means(int from, int to) {
    int[][] ids = new int[to - from][];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = windows.window(from + i);
    }
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      return losses.means(decoder.forward(scope.tokens(ids), Progress.SILENT), from, to);
    }
  }
}
