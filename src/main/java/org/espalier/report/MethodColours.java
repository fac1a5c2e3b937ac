package org.espalier.report;

import java.awt.Color;
import java.util.Collection;
import java.util.List;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.comparison.MethodSeries;
import org.espalier.workspace.Run;

/**
 * One colour for each method; runs of a method that remove less are paler, so that they stay apart.
 */
public final class MethodColours {
  private static final double PALER = 0.22;
  private static final double PALEST = 0.5;

  private final MethodSeries series;
  private final ChartStyle style;

  public MethodColours(List<Run> runs, ChartStyle style) {
    series = new MethodSeries(runs);
    this.style = style;
  }

  public ChartStyle style() {
    return style;
  }

  /** Name of the line of a run. */
  public String line(Run run) {
    return series.of(run);
  }

  /** The style of a chart that draws some lines, in their order. */
  public ChartStyle style(Collection<String> lines) {
    return new ChartStyle(
        style.background(),
        style.text(),
        style.quiet(),
        style.grid(),
        style.dense(),
        lines.stream().map(this::line).toList());
  }

  /** Place of a run's line among all. */
  public int place(Run run) {
    return series.names().indexOf(series.of(run));
  }

  public Color line(String name) {
    return style.run(Math.max(0, series.names().indexOf(name)));
  }

  public Color run(Run run) {
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
