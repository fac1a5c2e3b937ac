package org.espalier.workbench;

/**
 * How to measure speed.
 *
 * @param promptTokens tokens read per round
 * @param newTokens tokens written per round
 * @param warmUps rounds thrown away
 * @param rounds rounds kept
 */
public record SpeedRequest(int promptTokens, int newTokens, int warmUps, int rounds) {
  /** Batch 1, 128 tokens read and written. */
  public static final SpeedRequest DEFAULT = new SpeedRequest(128, 128, 3, 10);
}
