package org.espalier.statistics;

/**
 * Names of the vectors that {@link WeightCollector} measures on the output projection (o_proj or
 * down_proj), one value per input channel.
 */
public final class WeightStatistics {
  /** Sum over outputs of the squared weight. */
  public static final String SQUARED_NORM = "weight.squaredNorm";

  /** Mean over outputs of the absolute weight. */
  public static final String ABSOLUTE_MEAN = "weight.absoluteMean";

  private WeightStatistics() {}
}
