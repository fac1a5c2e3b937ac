package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * A training as it goes: the loss of every step, and behind it the loss on held-out text, whose end
 * carries the perplexity. Both are nats per token, so that they share an axis.
 */
public final class RecoveryChart {
  private static final int MOST_POINTS = 1000;

  /**
   * A value after a step.
   *
   * @param loss nats per token
   */
  public record Point(int step, double loss) {}

  private RecoveryChart() {}

  /**
   * Draws.
   *
   * @param training loss of the steps, oldest first
   * @param heldOut loss on held-out text, oldest first
   * @param steps in all, for the axis
   * @param growing whether more is to come
   */
  public static JFreeChart of(
      List<Point> training, List<Point> heldOut, int steps, boolean growing, ChartStyle style) {
    XYSeriesCollection data = new XYSeriesCollection();
    data.addSeries(series("training", training));
    data.addSeries(series("held out", heldOut));
    List<String> labels =
        List.of(
            "training",
            heldOut.isEmpty()
                ? "held out"
                : String.format(
                    Locale.ROOT,
                    "held out %s",
                    PerplexityFormat.format(Math.exp(heldOut.get(heldOut.size() - 1).loss()))));
    EndLabelRenderer renderer =
        new EndLabelRenderer(
            labels, List.of(growing, growing), style.background(), series -> series == 1);
    renderer.setSeriesPaint(0, style.quiet());
    renderer.setSeriesStroke(0, new BasicStroke(1));
    renderer.setSeriesPaint(1, style.run(0));
    renderer.setSeriesStroke(
        1, new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    NumberAxis stepAxis = new EndRoomAxis("steps", EndLabelRenderer.room(labels));
    stepAxis.setRange(0, Math.max(1, steps));
    stepAxis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    NumberAxis lossAxis = new NumberAxis("nats per token");
    lossAxis.setAutoRangeIncludesZero(false);
    JFreeChart chart =
        new JFreeChart(
            null, ChartStyle.font(13, true), new XYPlot(data, stepAxis, lossAxis, renderer), false);
    style.dress(chart);
    return chart;
  }

  private static XYSeries series(String name, List<Point> points) {
    XYSeries series = new XYSeries(name, false);
    int stride = Math.max(1, points.size() / MOST_POINTS);
    for (int i = 0; i < points.size(); i++) {
      if (i % stride == 0 || i == points.size() - 1) {
        series.add(points.get(i).step(), points.get(i).loss(), false);
      }
    }
    return series;
  }
}
