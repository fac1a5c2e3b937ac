package org.espalier.statistics;

/** Names of the vectors that {@link ActivationCollector} measures, one value per input channel. */
public final class ActivationStatistics {
  /** Mean over windows of the window's mean over tokens (the baseline of FLAP, section 3.3). */
  public static final String MEAN = "input.mean";

  /**
   * Fluctuation around the running baseline as the published FLAP code updates it: summed, not
   * averaged, over the tokens of a window, with the new baseline in both factors and the first
   * window counting zero.
   */
  public static final String RUNNING_FLUCTUATION = "input.runningFluctuation";

  /** Unbiased variance over all tokens of all windows (FLAP, equation 4). */
  public static final String VARIANCE = "input.variance";

  /** Mean over windows of the squared 2-norm over the window's tokens (Wanda, FLAP's WIFN). */
  public static final String SQUARED_NORM = "input.squaredNorm";

  private ActivationStatistics() {}
}
