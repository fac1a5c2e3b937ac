package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.espalier.report.Table;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Where a search has tried two coefficients: the better a trial, the larger and darker its point.
 */
public final class SettingChart {
  private static final double SMALLEST = 4;
  private static final double LARGEST = 11;

  private SettingChart() {}

  /**
   * A scatter of the trials over two variables.
   *
   * @param trials so far; those without a number are left out
   */
  public static ChartFigure of(
      List<Trial> trials,
      Variable.Continuous across,
      Variable.Continuous up,
      ChartStyle style,
      int width,
      int height) {
    List<Trial> worstFirst =
        trials.stream()
            .filter(trial -> Double.isFinite(trial.value()))
            .sorted(Comparator.comparingDouble(Trial::value).reversed())
            .toList();
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    renderer.setDrawOutlines(true);
    renderer.setUseOutlinePaint(true);
    for (int i = 0; i < worstFirst.size(); i++) {
      Trial trial = worstFirst.get(i);
      double rank = worstFirst.size() == 1 ? 1 : i / (worstFirst.size() - 1.0);
      boolean best = i == worstFirst.size() - 1;
      XYSeries series = new XYSeries(trial.number() + 1, false);
      series.add(trial.point().get(across.name()), trial.point().get(up.name()));
      // Later series are drawn later, so the best trial comes to lie on top.
      data.addSeries(series);
      double size = best ? LARGEST : SMALLEST + rank * (LARGEST - SMALLEST) * 0.6;
      renderer.setSeriesShape(i, new Ellipse2D.Double(-size / 2, -size / 2, size, size));
      renderer.setSeriesPaint(i, best ? style.run(1) : between(style.grid(), style.run(0), rank));
      renderer.setSeriesOutlinePaint(i, best ? style.text() : style.background());
      renderer.setSeriesOutlineStroke(i, new BasicStroke(best ? 1.6f : 0.8f));
    }
    XYPlot plot = new XYPlot(data, axis(across), axis(up), renderer);
    plot.setNoDataMessage("no trial finished yet");
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
    JFreeChart chart = new JFreeChart("Settings", ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle("larger and darker is better; the best one is outlined"));
    style.dress(chart);
    return new ChartFigure("Settings", chart, table(worstFirst, across, up), width, height);
  }

  private static NumberAxis axis(Variable.Continuous variable) {
    NumberAxis axis = new NumberAxis(variable.name());
    double margin = 0.04 * (variable.high() - variable.low());
    axis.setRange(variable.low() - margin, variable.high() + margin);
    return axis;
  }

  private static Color between(Color from, Color to, double share) {
    return new Color(
        mixed(from.getRed(), to.getRed(), share),
        mixed(from.getGreen(), to.getGreen(), share),
        mixed(from.getBlue(), to.getBlue(), share));
  }

  private static int mixed(int from, int to, double share) {
    return (int) Math.round(from + share * (to - from));
  }

  private static Table table(
      List<Trial> trials, Variable.Continuous across, Variable.Continuous up) {
    return new Table(
        List.of("trial", across.name(), up.name(), "perplexity"),
        trials.stream()
            .sorted(Comparator.comparingInt(Trial::number))
            .map(
                trial ->
                    List.of(
                        String.format(Locale.ROOT, "%d", trial.number() + 1),
                        Double.toString(trial.point().get(across.name())),
                        Double.toString(trial.point().get(up.name())),
                        Double.toString(trial.value())))
            .toList());
  }
}
