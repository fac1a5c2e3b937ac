package org.espalier.evaluation;

/**
 * A running perplexity.
 *
 * @param window windows evaluated so far, from 1
 * @param windows windows in all
 * @param windowNegativeLogLikelihood mean of this window, in nats per token
 * @param perplexity over all windows so far
 * @param band where the perplexity of all windows is expected to lie, with 95 % confidence
 */
public record PerplexityPoint(
    int window,
    int windows,
    double windowNegativeLogLikelihood,
    double perplexity,
    PerplexityBand band) {
  /** A point of which only the value is known. */
  public PerplexityPoint(
      int window, int windows, double windowNegativeLogLikelihood, double perplexity) {
    this(window, windows, windowNegativeLogLikelihood, perplexity, PerplexityBand.UNKNOWN);
  }
}
