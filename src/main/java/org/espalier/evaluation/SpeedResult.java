package org.espalier.evaluation;

/**
 * Speed and memory of one model at batch 1; medians over the rounds.
 *
 * @param prefillTokensPerSecond reading a prompt
 * @param decodeTokensPerSecond writing new tokens with a KV cache
 * @param peakMemoryBytes highest memory of the process during the measurement above the start
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
