package org.espalier.evaluation;

import java.util.List;

/**
 * Perplexity of one model on one text: exp of the mean over windows of the window's mean negative
 * log-likelihood.
 *
 * @param windowNegativeLogLikelihoods per window, nats per token
 * @param tokens scored tokens
 * @param seconds wall time
 * @param estimate true if the measurement stopped before the last window, because the confidence
 *     band was narrow enough
 * @param textWindows windows of the whole text, of which an estimate saw a share; 0 where that was
 *     not kept
 * @param warnings what a reader of the number has to know, in sentences
 */
public record PerplexityResult(
    double perplexity,
    List<Double> windowNegativeLogLikelihoods,
    long tokens,
    double seconds,
    Protocol protocol,
    boolean estimate,
    int textWindows,
    List<String> warnings) {
  public PerplexityResult {
    windowNegativeLogLikelihoods = List.copyOf(windowNegativeLogLikelihoods);
    warnings = List.copyOf(warnings);
  }

  /** A result of all windows that nobody has to be warned of. */
  public PerplexityResult(
      double perplexity,
      List<Double> windowNegativeLogLikelihoods,
      long tokens,
      double seconds,
      Protocol protocol) {
    this(
        perplexity,
        windowNegativeLogLikelihoods,
        tokens,
        seconds,
        protocol,
        false,
        windowNegativeLogLikelihoods.size(),
        List.of());
  }

  /** The same result with these warnings. */
  public PerplexityResult warning(List<String> sentences) {
    return new PerplexityResult(
        perplexity,
        windowNegativeLogLikelihoods,
        tokens,
        seconds,
        protocol,
        estimate,
        textWindows,
        sentences);
  }

  public int windows() {
    return windowNegativeLogLikelihoods.size();
  }

  /**
   * Standard error of the perplexity over its windows, by the delta method; 0 for one window. Of an
   * estimate it is that of the whole text's perplexity.
   */
  public double standardError() {
    int count = windows();
    if (count < 2) {
      return 0;
    }
    double mean = mean();
    return perplexity * Math.sqrt(squares(mean) / (count - 1) / count * unseen());
  }

  private double mean() {
    return windowNegativeLogLikelihoods.stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }

  private double squares(double mean) {
    return windowNegativeLogLikelihoods.stream()
        .mapToDouble(value -> (value - mean) * (value - mean))
        .sum();
  }

  /**
   * Where the perplexity of more such windows is expected to lie; of an estimate, that of the whole
   * text, which is the band that was narrow enough.
   */
  public PerplexityBand band() {
    double mean = mean();
    return PerplexityBand.of(windows(), mean, squares(mean), unseen());
  }

  private double unseen() {
    return estimate && textWindows > 0 ? 1 - (double) windows() / textWindows : 1;
  }
}
