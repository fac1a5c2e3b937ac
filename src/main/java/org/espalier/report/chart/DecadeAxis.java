package org.espalier.report.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A vertical logarithmic axis with ticks at few multiples of the powers of ten. */
final class DecadeAxis extends LogAxis {
  /** Beyond so many decades only the powers of ten are marked. */
  private static final double MANY_DECADES = 2.2;

  /** Within so many decades there is room for more marks. */
  private static final double FEW_DECADES = 1;

  DecadeAxis(String label) {
    super(label);
  }

  @Override
  public List<?> refreshTicks(
      Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
    double low = getRange().getLowerBound();
    double high = getRange().getUpperBound();
    double decades = Math.log10(high / low);
    int[] steps =
        decades > MANY_DECADES
            ? new int[] {1}
            : decades > FEW_DECADES ? new int[] {1, 2, 5} : new int[] {1, 2, 3, 4, 5, 7};
    List<NumberTick> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
      for (int step : steps) {
        double value = step * Math.pow(10, power);
        if (value >= low && value <= high) {
          ticks.add(
              new NumberTick(value, label(value), TextAnchor.CENTER_RIGHT, TextAnchor.CENTER, 0.0));
        }
      }
    }
    return ticks;
  }

  private static String label(double value) {
    return value >= 1e6
        ? String.format(Locale.ROOT, "%.0e", value).replace("e+0", "e").replace("e+", "e")
        : value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
  }
}
