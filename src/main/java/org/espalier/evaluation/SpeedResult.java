package org.espalier.evaluation;

/**
 * Speed and memory of one model at batch 1; medians over the rounds.
 *
 * @param prefillTokensPerSecond reading a prompt
 * @param decodeTokensPerSecond writing new tokens with a KV cache
 * @param peakMemoryBytes memory of the weights plus the highest that working with them added
 * @param promptTokens tokens read
 * @param newTokens tokens written
 * @param rounds measured rounds after warm-up
 */
public record SpeedResult(
    double prefillTokensPerSecond,
    double decodeTokensPerSecond,
    long peakMemoryBytes,
    int promptTokens,
    int newTokens,
    int rounds,
    String device) {}
