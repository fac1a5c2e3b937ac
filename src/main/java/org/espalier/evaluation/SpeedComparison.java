package org.espalier.evaluation;

/**
 * Dense and pruned measured in turns in one run.
 *
 * @param prefill pruned over dense
 * @param decode pruned over dense
 */
public record SpeedComparison(
    SpeedResult dense, SpeedResult pruned, Spread prefill, Spread decode) {
  /**
   * A ratio with its spread over the rounds.
   *
   * @param low first quartile
   * @param median second quartile
   * @param high third quartile
   */
  public record Spread(double low, double median, double high) {}
}
