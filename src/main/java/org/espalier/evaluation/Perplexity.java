package org.espalier.evaluation;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;

/**
 * Perplexity of a decoder: every window is read on its own, its first token is not scored, and the
 * result is exp of the mean over windows of the window's mean negative log-likelihood. Logits are
 * float32; means are taken in double precision.
 *
 * <p>Blocks are the outer loop over a chunk of windows, so that a block that has to come from disk
 * comes once for the whole chunk. The chunk grows for as long as loading takes a noticeable share
 * of the time; the windows of one forward pass do not depend on it, and so neither does the result.
 */
public final class Perplexity {
  /** Tokens of one forward pass; more gain nothing on a CPU. */
  private static final int TOKENS_PER_PASS = 1024;

  /** Never stop early. */
  public static final double ALL = 0;

  /** Fewer windows say too little about how much windows differ. */
  private static final int FEWEST_WINDOWS = 8;

  private static final long LARGEST_CHUNK_BYTES = 256L << 20;

  /** Loading blocks shows when it takes more than this share of computing with them. */
  private static final double TOLERATED_LOADING = 0.05;

  /** A chunk longer than this would make the running value jump. */
  private static final long LIVELY_NANOSECONDS = 400_000_000;

  private final Decoder decoder;
  private final TokenWindows windows;
  private final Protocol protocol;
  private final WindowLosses losses;
  private final double goodEnough;
  private final int windowsPerPass;
  private final int mostPasses;

  /**
   * Prepares a measurement.
   *
   * @param protocol what the number depends on; kept with the result
   * @throws EspalierException if the windows leave nothing to score
   */
  public Perplexity(Decoder decoder, TokenWindows windows, Protocol protocol) {
    this(decoder, windows, protocol, ALL);
  }

  /**
   * Prepares a measurement that may stop early.
   *
   * @param protocol of all windows
   * @param goodEnough stop once the confidence band is narrower than this share of the perplexity;
   *     0 for never
   * @throws EspalierException if the windows leave nothing to score
   */
  public Perplexity(Decoder decoder, TokenWindows windows, Protocol protocol, double goodEnough) {
    WindowLosses.requireScored(windows);
    this.decoder = decoder;
    this.windows = windows;
    this.protocol = protocol;
    losses = new WindowLosses(decoder, windows);
    this.goodEnough = goodEnough;
    windowsPerPass = Math.max(1, TOKENS_PER_PASS / windows.length());
    long bytesPerPass =
        4L * windowsPerPass * windows.length() * Math.max(1, decoder.config().hiddenSize());
    mostPasses = (int) Math.max(1, LARGEST_CHUNK_BYTES / bytesPerPass);
  }

  /**
   * Gives the points of a known result again.
   *
   * @param means mean negative log-likelihoods of its windows, in nats per token
   * @param windows that there are in all
   * @param goodEnough as it was asked for
   */
  public static void replay(
      List<Double> means, int windows, double goodEnough, Consumer<PerplexityPoint> onWindow) {
    Running running = new Running(windows, goodEnough, onWindow);
    means.forEach(running::add);
  }

  /** Measures from the first window. */
  public PerplexityResult measure(Consumer<PerplexityPoint> onWindow, Progress progress) {
    return measure(List.of(), onWindow, progress);
  }

  /**
   * Measures, going on behind windows that an earlier attempt finished. Points are given for all
   * windows, the earlier ones included.
   *
   * @param finished mean negative log-likelihoods of the first windows, in nats per token
   */
  public PerplexityResult measure(
      List<Double> finished, Consumer<PerplexityPoint> onWindow, Progress progress) {
    final long start = System.nanoTime();
    // Only whole passes are reused, so that a resumed result is the same to the last bit.
    int known = Math.min(finished.size(), windows.count());
    int reused = known == windows.count() ? known : known - known % windowsPerPass;
    Running running = new Running(windows.count(), goodEnough, onWindow);
    finished.subList(0, reused).forEach(running::add);
    report(progress, running.count());
    int passes = 1;
    while (running.count() < windows.count() && !running.goodEnough) {
      int end = Math.min(windows.count(), running.count() + passes * windowsPerPass);
      boolean larger = measureChunk(running, end, progress);
      if (larger) {
        passes = Math.min(mostPasses, 2 * passes);
      }
    }
    int count = running.count();
    boolean estimate = count < windows.count();
    return new PerplexityResult(
        running.perplexity(),
        running.means,
        (long) count * (windows.length() - 1),
        (System.nanoTime() - start) / 1e9,
        estimate ? protocol.with(windows.first(count)) : protocol,
        estimate,
        windows.count(),
        List.of());
  }

  /** Measures windows up to {@code end}; true if the next chunk should be larger. */
  private boolean measureChunk(Running running, int end, Progress progress) {
    int first = running.count();
    List<NDArray> hidden = new ArrayList<>();
    long loading = 0;
    long computing = 0;
    try (TensorStore store = new TensorStore(decoder.device())) {
      for (int from = first; from < end; from += windowsPerPass) {
        try (TorchScope scope = TorchScope.open(decoder.device())) {
          NDArray ids = scope.tokens(ids(from, Math.min(end, from + windowsPerPass)));
          hidden.add(store.adopt(decoder.embed(ids)));
        }
      }
      for (int block = 0; block < decoder.blocks().blocks(); block++) {
        long before = System.nanoTime();
        try (BlockWeights weights = decoder.blocks().load(block)) {
          long loaded = System.nanoTime();
          loading += loaded - before;
          for (int pass = 0; pass < hidden.size(); pass++) {
            report(progress, running.count());
            NDArray input = hidden.get(pass);
            try (TorchScope scope = TorchScope.open(decoder.device())) {
              NDArray output = decoder.forward(block, weights, input);
              if (output != input) {
                hidden.set(pass, store.adopt(output));
                input.close();
              }
            }
          }
          computing += System.nanoTime() - loaded;
        }
      }
      int from = first;
      for (NDArray last : hidden) {
        int to = Math.min(end, from + windowsPerPass);
        for (double mean : losses.means(last, from, to)) {
          running.add(mean);
          report(progress, running.count());
        }
        from = to;
      }
    }
    return loading > computing
        || (loading > TOLERATED_LOADING * computing && loading + computing < LIVELY_NANOSECONDS);
  }

  private int[][] ids(int from, int to) {
    int[][] ids = new int[to - from][];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = windows.window(from + i);
    }
    return ids;
  }

  private void report(Progress progress, int done) {
    progress.report(
        "Evaluating window " + Math.min(done + 1, windows.count()), done, windows.count());
  }

  /** The mean as it grows. */
  private static final class Running {
    private final int windows;
    private final double wanted;
    private final Consumer<PerplexityPoint> onWindow;
    private final List<Double> means = new ArrayList<>();
    private double sum;
    private double centre;
    private double squares;
    private boolean goodEnough;

    Running(int windows, double wanted, Consumer<PerplexityPoint> onWindow) {
      this.windows = windows;
      this.wanted = wanted;
      this.onWindow = onWindow;
    }

    /** Counts one more window, unless what is known is good enough already. */
    void add(double mean) {
      if (goodEnough) {
        return;
      }
      means.add(mean);
      sum += mean;
      double distance = mean - centre;
      centre += distance / count();
      squares += distance * (mean - centre);
      // Windows that may stop early come at random, so those seen stand for the whole text.
      double unseen = wanted > 0 ? 1 - (double) count() / windows : 1;
      PerplexityBand band = PerplexityBand.of(count(), centre, squares, unseen);
      onWindow.accept(new PerplexityPoint(count(), windows, mean, perplexity(), band));
      goodEnough = count() >= FEWEST_WINDOWS && band.relativeWidth(perplexity()) < wanted;
    }

    int count() {
      return means.size();
    }

    double perplexity() {
      return Math.exp(sum / count());
    }
  }
}
