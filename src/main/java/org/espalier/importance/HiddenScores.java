package org.espalier.importance;

/**
 * One score per channel of the residual stream, higher is more important. The array is shared, not
 * copied: treat it as read-only.
 */
public final class HiddenScores {
  private final String statistic;
  private final double[] scores;

  /**
   * @param statistic what the numbers are, for legends
   */
  public HiddenScores(String statistic, double[] scores) {
    this.statistic = statistic;
    this.scores = scores;
  }

  public String statistic() {
    return statistic;
  }

  /** In the order of the checkpoint. Do not modify. */
  public double[] scores() {
    return scores;
  }
}
