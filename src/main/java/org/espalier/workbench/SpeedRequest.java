package org.espalier.workbench;

import org.espalier.workspace.Orders;

/**
 * How to measure speed.
 *
 * @param batch texts at once
 * @param promptTokens tokens read per text and round
 * @param newTokens tokens written per text and round
 * @param warmUps rounds thrown away
 * @param rounds rounds kept
 */
public record SpeedRequest(int batch, int promptTokens, int newTokens, int warmUps, int rounds) {
  /** Batch 1, 128 tokens read and written. */
  public static final SpeedRequest DEFAULT = new SpeedRequest(128, 128, 3, 10);

  /** At batch 1. */
  public SpeedRequest(int promptTokens, int newTokens, int warmUps, int rounds) {
    this(1, promptTokens, newTokens, warmUps, rounds);
  }

  /** What was ordered. */
  public static SpeedRequest of(Orders.SpeedOrder order) {
    return new SpeedRequest(
        order.batch(), order.promptTokens(), order.newTokens(), order.warmUps(), order.rounds());
  }

  /** This, to be kept with its number. */
  public Orders.SpeedOrder order() {
    return new Orders.SpeedOrder(batch, promptTokens, newTokens, warmUps, rounds);
  }
}
