package org.espalier.ui.compare;

import java.awt.Color;
import java.util.List;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.comparison.MethodSeries;
import org.espalier.workspace.Run;

/**
 * One colour for each method; runs of a method that remove less are paler, so that they stay apart.
 */
final class MethodColours {
  private static final double PALER = 0.22;
  private static final double PALEST = 0.5;

  private final MethodSeries series;
  private final ChartStyle style;

  MethodColours(List<Run> runs, ChartStyle style) {
    series = new MethodSeries(runs);
    this.style = style;
  }

  ChartStyle style() {
    return style;
  }

  /** Name of the line of a run. */
  String line(Run run) {
    return series.of(run);
  }

  /** Place of a run's line among all. */
  int place(Run run) {
    return series.names().indexOf(series.of(run));
  }

  Color line(String name) {
    return style.run(Math.max(0, series.names().indexOf(name)));
  }

  Color run(Run run) {
    String line = series.of(run);
    long removingMore =
        series.runs().stream()
            .filter(other -> series.of(other).equals(line))
            .filter(other -> other.parametersAfter() < run.parametersAfter())
            .count();
    return mixed(line(line), style.background(), Math.min(PALEST, removingMore * PALER));
  }

  private static Color mixed(Color colour, Color other, double share) {
    return new Color(
        mixed(colour.getRed(), other.getRed(), share),
        mixed(colour.getGreen(), other.getGreen(), share),
        mixed(colour.getBlue(), other.getBlue(), share));
  }

  private static int mixed(int one, int other, double share) {
    return (int) Math.round(one + (other - one) * share);
  }
}
