package org.espalier.evaluation;

import java.util.List;

/**
 * Perplexity of one model on one text: exp of the mean over windows of the window's mean negative
 * log-likelihood.
 *
 * @param windowNegativeLogLikelihoods per window, nats per token
 * @param tokens scored tokens
 * @param seconds wall time
 */
public record PerplexityResult(
    double perplexity,
    List<Double> windowNegativeLogLikelihoods,
    long tokens,
    double seconds,
    Protocol protocol) {
  public PerplexityResult {
    windowNegativeLogLikelihoods = List.copyOf(windowNegativeLogLikelihoods);
  }

  public int windows() {
    return windowNegativeLogLikelihoods.size();
  }
}
