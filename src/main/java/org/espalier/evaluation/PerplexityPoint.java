package org.espalier.evaluation;

/**
 * A running perplexity.
 *
 * @param window windows evaluated so far, from 1
 * @param windows windows in all
 * @param windowNegativeLogLikelihood mean of this window, in nats per token
 * @param perplexity over all windows so far
 */
public record PerplexityPoint(
    int window, int windows, double windowNegativeLogLikelihood, double perplexity) {}
