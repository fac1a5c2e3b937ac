package org.espalier.corpus;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.espalier.task.EspalierException;

/**
 * The token windows that statistics are measured on, and where they came from.
 *
 * @param source name of the text
 * @param windows the windows in order, [samples, window length]
 * @param seed of the sampling; without effect on ready windows
 * @param sampled true if cut at random places from a text, false if they were ready windows
 */
public record Calibration(String source, TokenWindows windows, long seed, boolean sampled) {
  /** Samples and window length for text when none are given. */
  public static final int DEFAULT_SAMPLES = 64;

  public static final int DEFAULT_LENGTH = 128;

  /**
   * Draws windows from a corpus.
   *
   * <p>From text as the published loaders do: rows are joined by one space and tokenised once; each
   * window starts at a position drawn uniformly (windows may overlap). Ready windows are taken in
   * order from the first.
   *
   * @param tokenizer null is allowed for ready windows
   * @param samples windows wanted; empty means all ready windows, or {@value #DEFAULT_SAMPLES}
   * @param length tokens per window; empty means as the ready windows, or {@value #DEFAULT_LENGTH}
   * @throws EspalierException if the corpus is too small
   */
  public static Calibration of(
      Corpus corpus, Tokenizer tokenizer, OptionalInt samples, OptionalInt length, long seed) {
    if (samples.orElse(1) < 1 || length.orElse(1) < 1) {
      throw new EspalierException("Calibration needs at least one sample of at least one token.");
    }
    if (corpus.windows().isPresent()) {
      TokenWindows ready = corpus.windows().get();
      TokenWindows chosen =
          ready.first(samples.orElse(ready.count())).shortenedTo(length.orElse(ready.length()));
      return new Calibration(corpus.source(), chosen, seed, false);
    }
    int[] stream = corpus.stream(tokenizer, " ");
    TokenWindows drawn =
        draw(
            stream,
            samples.orElse(DEFAULT_SAMPLES),
            length.orElse(DEFAULT_LENGTH),
            seed,
            corpus.source());
    return new Calibration(corpus.source(), drawn, seed, true);
  }

  static TokenWindows draw(int[] stream, int samples, int length, long seed, String source) {
    int starts = stream.length - length;
    if (starts < 1) {
      throw new EspalierException(
          source
              + " holds "
              + stream.length
              + " tokens; calibration windows of "
              + length
              + " need more than "
              + length
              + ". Use a longer text or a shorter window.");
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[][] ids = new int[samples][];
    for (int i = 0; i < samples; i++) {
      int start = random.nextInt(starts);
      ids[i] = Arrays.copyOfRange(stream, start, start + length);
    }
    return TokenWindows.of(ids);
  }

  /** Content hash of the windows: the key of everything measured on them. */
  public String hash() {
    return windows.hash();
  }

  /** One line for protocols, for example "64 windows of 128 tokens from wiki.raw, seed 0". */
  public String description() {
    return windows + (sampled ? " drawn from " : ", the first of ") + source + seedWords();
  }

  private String seedWords() {
    return sampled ? ", seed " + seed : "";
  }
}
