package org.espalier.corpus;

import java.util.Arrays;
import java.util.OptionalInt;
import org.espalier.task.EspalierException;

/**
 * A text in two parts that share no token: windows to calibrate on, and windows that only judge.
 *
 * @param pool to draw calibration sets from
 * @param heldOut to judge with
 */
public record HeldOutSplit(Calibration pool, TokenWindows heldOut) {
  /** Share of the text, at its end, that is held out. */
  private static final double SHARE = 0.2;

  /**
   * Splits a corpus. From text the pool is drawn at random from the first four fifths and the
   * held-out windows are spread evenly over the last fifth; of ready windows the last fifth is held
   * out.
   *
   * @param tokenizer null is allowed for ready windows
   * @param samples windows of the pool; empty for the default of {@link Calibration}
   * @param length tokens per window; empty likewise
   * @param judging most held-out windows
   * @throws EspalierException if the corpus is too small
   */
  public static HeldOutSplit of(
      Corpus corpus,
      Tokenizer tokenizer,
      OptionalInt samples,
      OptionalInt length,
      long seed,
      int judging) {
    return corpus.windows().isPresent()
        ? ofWindows(corpus, samples, length, seed, judging)
        : ofText(
            corpus,
            corpus.stream(tokenizer, " "),
            samples.orElse(Calibration.DEFAULT_SAMPLES),
            length.orElse(Calibration.DEFAULT_LENGTH),
            seed,
            judging);
  }

  private static HeldOutSplit ofWindows(
      Corpus corpus, OptionalInt samples, OptionalInt length, long seed, int judging) {
    TokenWindows ready = corpus.windows().orElseThrow();
    TokenWindows used = ready.shortenedTo(length.orElse(ready.length()));
    int held = Math.max(1, (int) (used.count() * SHARE));
    if (used.count() - held < 1) {
      throw new EspalierException(
          corpus.source()
              + " holds one window; a search needs one to calibrate on and one to judge with. Give"
              + " more windows.");
    }
    int[][] all = used.toArray();
    int[][] pool = Arrays.copyOf(all, used.count() - held);
    TokenWindows first = TokenWindows.of(pool);
    return new HeldOutSplit(
        new Calibration(
            corpus.source(),
            samples.isPresent() ? first.first(Math.min(samples.getAsInt(), first.count())) : first,
            seed,
            false),
        spread(Arrays.copyOfRange(all, pool.length, all.length), judging));
  }

  private static HeldOutSplit ofText(
      Corpus corpus, int[] stream, int samples, int length, long seed, int judging) {
    int border = stream.length - Math.max(length, (int) (stream.length * SHARE));
    if (border <= length) {
      throw new EspalierException(
          corpus.source()
              + " holds "
              + stream.length
              + " tokens; a search with windows of "
              + length
              + " needs more than "
              + 2 * length
              + ", to calibrate on and to judge with. Use a longer text or a shorter window.");
    }
    TokenWindows pool =
        Calibration.draw(Arrays.copyOf(stream, border), samples, length, seed, corpus.source());
    int[][] held = new int[(stream.length - border) / length][];
    for (int window = 0; window < held.length; window++) {
      int start = border + window * length;
      held[window] = Arrays.copyOfRange(stream, start, start + length);
    }
    return new HeldOutSplit(
        new Calibration(corpus.source(), pool, seed, true), spread(held, judging));
  }

  private static TokenWindows spread(int[][] windows, int most) {
    if (windows.length <= most) {
      return TokenWindows.of(windows);
    }
    int[][] chosen = new int[most][];
    for (int i = 0; i < most; i++) {
      chosen[i] = windows[(int) ((long) i * windows.length / most)];
    }
    return TokenWindows.of(chosen);
  }
}
