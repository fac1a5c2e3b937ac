package org.espalier.allocation;

import java.util.Arrays;

/**
 * What one sub-layer's cut is predicted to cost while all others stay as they are: change of mean
 * negative log-likelihood, in nats per token, against keeping the whole sub-layer.
 */
public final class SubLayerCost {
  private static final int MOST_POINTS = 96;

  private final int units;
  private final double[] kept;
  private final double[] changes;

  private SubLayerCost(int units, double[] kept, double[] changes) {
    this.units = units;
    this.kept = kept;
    this.changes = changes;
  }

  /** A curve of losses from {@code fewest} units to all, read at evenly spaced places. */
  static SubLayerCost of(int units, int fewest, Losses losses) {
    int points = Math.max(2, Math.min(MOST_POINTS, units - fewest + 1));
    double[] kept = new double[points];
    double[] changes = new double[points];
    double whole = losses.at(units);
    for (int point = 0; point < points; point++) {
      kept[point] = fewest + (double) (units - fewest) * point / (points - 1);
      changes[point] = losses.at(kept[point]) - whole;
    }
    return new SubLayerCost(units, kept, changes);
  }

  /** Loss against units kept. */
  interface Losses {
    double at(double kept);
  }

  /** How many units there are. */
  public int units() {
    return units;
  }

  /** Change with so many units kept; NaN outside of what was measured. */
  public double at(double units) {
    if (units < kept[0] || units > kept[kept.length - 1]) {
      return Double.NaN;
    }
    int place = Arrays.binarySearch(kept, units);
    if (place >= 0) {
      return changes[place];
    }
    int after = -place - 1;
    double share = (units - kept[after - 1]) / (kept[after] - kept[after - 1]);
    return changes[after - 1] + share * (changes[after] - changes[after - 1]);
  }

  /** The largest change. */
  public double most() {
    return Arrays.stream(changes).max().orElseThrow();
  }

  /** The smallest change; at most 0, which is the whole sub-layer's. */
  public double least() {
    return Arrays.stream(changes).min().orElseThrow();
  }
}
