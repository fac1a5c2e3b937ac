package org.espalier.evaluation;

import org.espalier.corpus.TokenWindows;

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
    long seed) {
  /**
   * The protocol of a measurement on token windows, computed in float32.
   *
   * @param text name of the text
   * @param bos the rule for the beginning-of-sequence token, in words
   */
  public static Protocol of(
      String text, TokenWindows windows, String bos, String device, long seed) {
    return new Protocol(
        text, windows.hash(), windows.length(), windows.count(), bos, "float32", device, seed);
  }

  /** The same rules on other windows. */
  Protocol with(TokenWindows other) {
    return new Protocol(
        text, other.hash(), other.length(), other.count(), bos, dtype, device, seed);
  }

  /** One line for people. */
  public String description() {
    return windows
        + " windows of "
        + window
        + " tokens of "
        + text
        + ", first token of each not scored, "
        + bos
        + ", "
        + dtype
        + " on "
        + device;
  }
}
