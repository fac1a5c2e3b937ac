package org.espalier.report.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleEdge;

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
    NumberAxis axis = new TwoTicksAxis("perplexity");
    if (low <= high) {
      double margin = Math.max(0.12 * (high - low), 0.02 * high);
      axis.setRange(Math.max(0, low - margin), high + margin);
    }
    return axis;
  }

  /** Shows two numbers at least, however low it is. */
  private static final class TwoTicksAxis extends NumberAxis {
    TwoTicksAxis(String label) {
      super(label);
    }

    @Override
    protected void selectVerticalAutoTickUnit(
        Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
      super.selectVerticalAutoTickUnit(graphics, area, edge);
      while (calculateVisibleTickCount() < 2) {
        // Units go 1, 2, 5, 10: this is the next smaller one.
        double smaller = getTickUnit().getSize() / 2.5;
        setTickUnit(
            (NumberTickUnit) getStandardTickUnits().getCeilingTickUnit(smaller), false, false);
      }
    }
  }
}
