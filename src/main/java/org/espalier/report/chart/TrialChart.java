package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.report.Table;
import org.espalier.search.Trial;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.renderer.xy.XYStepRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A search as it goes: every trial as a point, the best so far as a line. */
public final class TrialChart {
  /** Trials this much worse than the best would press the others into one line. */
  private static final double SHOWN_SHARE = 0.9;

  private TrialChart() {}

  /**
   * A chart of perplexity against the number of the trial.
   *
   * @param trials so far, in their order; those without a number are left out
   * @param planned trials in all
   * @param dense perplexity of the dense model, drawn as a line across; NaN if unknown
   * @param note what the trials are judged on, in words
   */
  public static ChartFigure of(
      List<Trial> trials,
      int planned,
      double dense,
      String note,
      ChartStyle style,
      int width,
      int height) {
    XYSeries every = new XYSeries("trial", false);
    XYSeries best = new XYSeries("best so far", false);
    double lowest = Double.POSITIVE_INFINITY;
    for (Trial trial : trials) {
      if (Double.isFinite(trial.value())) {
        every.add(trial.number() + 1, trial.value());
        lowest = Math.min(lowest, trial.value());
      }
      if (Double.isFinite(lowest)) {
        best.add(trial.number() + 1, lowest);
      }
    }
    List<String> ends =
        Double.isFinite(dense) ? List.of("dense " + PerplexityFormat.format(dense)) : List.of();
    NumberAxis numbers =
        new EndRoomAxis(
            "trial (of " + planned + ")", ends.isEmpty() ? 0 : EndLabelRenderer.room(ends));
    numbers.setRange(0, planned + 1.0);
    numbers.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    XYPlot plot =
        new XYPlot(
            null, numbers, PerplexityAxis.over(low(trials, dense), high(trials, dense)), null);
    plot.setNoDataMessage("no trial finished yet");
    if (every.getItemCount() > 0) {
      plot.setDataset(0, new XYSeriesCollection(best));
      plot.setDataset(1, new XYSeriesCollection(every));
      XYStepRenderer line = new XYStepRenderer();
      line.setSeriesPaint(0, style.run(0));
      line.setSeriesStroke(0, new BasicStroke(2.2f));
      plot.setRenderer(0, line);
      XYLineAndShapeRenderer points = new XYLineAndShapeRenderer(false, true);
      points.setSeriesPaint(0, style.run(1));
      points.setSeriesShape(0, new Ellipse2D.Double(-2.6, -2.6, 5.2, 5.2));
      plot.setRenderer(1, points);
    }
    if (Double.isFinite(dense)) {
      XYSeries across = new XYSeries("dense", false);
      across.add(0, dense);
      across.add(planned + 1.0, dense);
      plot.setDataset(2, new XYSeriesCollection(across));
      EndLabelRenderer line =
          new EndLabelRenderer(ends, List.of(false), style.background(), i -> false);
      line.setSeriesPaint(0, style.dense());
      line.setSeriesStroke(0, new BasicStroke(1.5f));
      plot.setRenderer(2, line);
    }
    JFreeChart chart = new JFreeChart("Search", ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    return new ChartFigure("Search", chart, table(trials), width, height);
  }

  private static double low(List<Trial> trials, double dense) {
    double lowest =
        trials.stream()
            .mapToDouble(Trial::value)
            .filter(Double::isFinite)
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    return Double.isFinite(dense) ? Math.min(lowest, dense) : lowest;
  }

  /** The worst trial but for the few worst ones. */
  private static double high(List<Trial> trials, double dense) {
    double[] values =
        trials.stream().mapToDouble(Trial::value).filter(Double::isFinite).sorted().toArray();
    double highest =
        values.length == 0
            ? Double.NEGATIVE_INFINITY
            : values[(int) Math.ceil(SHOWN_SHARE * (values.length - 1))];
    return Double.isFinite(dense) ? Math.max(highest, dense) : highest;
  }

  private static Table table(List<Trial> trials) {
    List<String> variables =
        trials.isEmpty() ? List.of() : List.copyOf(trials.get(0).point().keySet());
    List<String> columns = new ArrayList<>(List.of("trial", "perplexity"));
    columns.addAll(variables);
    List<List<String>> rows = new ArrayList<>();
    for (Trial trial : trials) {
      List<String> row =
          new ArrayList<>(
              Arrays.asList(Integer.toString(trial.number() + 1), Double.toString(trial.value())));
      variables.forEach(variable -> row.add(Double.toString(trial.point().get(variable))));
      rows.add(row);
    }
    return new Table(columns, rows);
  }
}
