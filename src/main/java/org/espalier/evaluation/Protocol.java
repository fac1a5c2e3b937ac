package org.espalier.evaluation;

/**
 * Everything that a measured number depends on; shown wherever the number is.
 *
 * @param text name of the text ("tinystories-sample.txt")
 * @param textHash SHA-256 of the token ids, hexadecimal
 * @param window tokens of one window
 * @param windows windows evaluated
 * @param bos the rule for the beginning-of-sequence token, in words
 * @param dtype element type of the computation ("float32")
 * @param device where it ran ("cpu", "cuda:0")
 * @param seed of everything random in it
 */
public record Protocol(
    String text,
    String textHash,
    int window,
    int windows,
    String bos,
    String dtype,
    String device,
    long seed) {}
