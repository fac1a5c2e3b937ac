package org.espalier.report.chart;

import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;

/** Chooses the axis for perplexities: logarithmic where they lie far apart. */
final class PerplexityAxis {
  private static final double LOGARITHMIC_FROM = 4;

  private PerplexityAxis() {}

  /** An axis with some air around the values; plain if {@code low} exceeds {@code high}. */
  static ValueAxis over(double low, double high) {
    if (high > low * LOGARITHMIC_FROM) {
      ValueAxis axis = new DecadeAxis("perplexity (logarithmic)");
      axis.setRange(low / 1.3, high * 1.3);
      return axis;
    }
    NumberAxis axis = new NumberAxis("perplexity");
    if (low <= high) {
      double margin = Math.max(0.12 * (high - low), 0.02 * high);
      axis.setRange(Math.max(0, low - margin), high + margin);
    }
    return axis;
  }
}
