package org.espalier.recovery;

import java.util.Comparator;
import java.util.List;

/**
 * What a training came to.
 *
 * @param points every step, and the state before the first
 * @param ending why it ended, in words
 */
public record RecoveryOutcome(List<RecoveryPoint> points, String ending) {
  public RecoveryOutcome {
    points = List.copyOf(points);
  }

  /** The look at the held-out examples whose weights are kept: the best one. */
  public RecoveryPoint best() {
    return points.stream()
        .filter(point -> point.perplexity().isPresent())
        .min(Comparator.comparingDouble(point -> point.perplexity().getAsDouble()))
        .orElseThrow();
  }

  /** Perplexity on the held-out examples before the first step. */
  public double before() {
    return points.get(0).perplexity().orElseThrow();
  }

  /** Steps done. */
  public int steps() {
    return points.get(points.size() - 1).step();
  }

  /** Seconds of training. */
  public double seconds() {
    return points.get(points.size() - 1).seconds();
  }
}
