package org.espalier.allocation;

import java.util.Arrays;

/**
 * Mean negative log-likelihood against the units that one sub-layer keeps, everything else being
 * held. Between the measured points runs the monotone cubic of Fritsch and Butland (1984), which
 * neither overshoots nor bends where the points do not.
 */
public final class LossCurve {
  private final int[] kept;
  private final double[] losses;
  private final double[] slopes;

  /**
   * A curve through measured points.
   *
   * @param kept units kept at each point, ascending; at least two
   * @param losses in nats per token
   */
  public LossCurve(int[] kept, double[] losses) {
    if (kept.length < 2 || kept.length != losses.length) {
      throw new IllegalArgumentException("a curve has at least two points and one loss for each");
    }
    for (int i = 1; i < kept.length; i++) {
      if (kept[i] <= kept[i - 1]) {
        throw new IllegalArgumentException("points must ascend");
      }
    }
    this.kept = kept.clone();
    this.losses = losses.clone();
    this.slopes = slopes(kept, losses);
  }

  /** Fewest units that were measured; below it the curve says nothing. */
  public int fewest() {
    return kept[0];
  }

  /** Most units that were measured. */
  public int most() {
    return kept[kept.length - 1];
  }

  public boolean covers(int units) {
    return units >= fewest() && units <= most();
  }

  /**
   * Loss with so many units kept.
   *
   * @throws IllegalArgumentException outside the measured points
   */
  public double loss(double units) {
    if (!(units >= fewest() && units <= most())) {
      throw new IllegalArgumentException(units + " lies outside the measured points");
    }
    int i = segment(units);
    double width = kept[i + 1] - kept[i];
    double t = (units - kept[i]) / width;
    double u = 1 - t;
    return losses[i] * u * u * (1 + 2 * t)
        + losses[i + 1] * t * t * (1 + 2 * u)
        + width * (slopes[i] * t * u * u - slopes[i + 1] * t * t * u);
  }

  /** Points measured, ascending in units kept; a copy. */
  public int[] kept() {
    return kept.clone();
  }

  /** Losses at {@link #kept}; a copy. */
  public double[] losses() {
    return losses.clone();
  }

  private int segment(double units) {
    int place = Arrays.binarySearch(kept, (int) Math.floor(units));
    int segment = place >= 0 ? place : -place - 2;
    return Math.min(segment, kept.length - 2);
  }

  /** Slopes at the points: harmonic means of the neighbouring secants, 0 at extremes. */
  private static double[] slopes(int[] x, double[] y) {
    int segments = x.length - 1;
    double[] secants = new double[segments];
    for (int i = 0; i < segments; i++) {
      secants[i] = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    }
    double[] slopes = new double[x.length];
    slopes[0] = secants[0];
    slopes[segments] = secants[segments - 1];
    for (int i = 1; i < segments; i++) {
      double before = secants[i - 1];
      double after = secants[i];
      if (before * after > 0) {
        double left = x[i] - x[i - 1];
        double right = x[i + 1] - x[i];
        double share = (left + 2 * right) / (3 * (left + right));
        slopes[i] = before * after / (share * after + (1 - share) * before);
      }
    }
    return slopes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LossCurve curve
        && Arrays.equals(kept, curve.kept)
        && Arrays.equals(losses, curve.losses);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(kept) + Arrays.hashCode(losses);
  }
}
