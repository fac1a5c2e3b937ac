package org.espalier.workbench;

/**
 * How to continue a prompt.
 *
 * @param newTokens most tokens to add
 * @param temperature 0 for the most likely token every time
 * @param topK how many of the most likely tokens are drawn from; 0 for all
 * @param seed of the draws
 */
public record GenerationRequest(
    String prompt, int newTokens, double temperature, int topK, long seed) {}
