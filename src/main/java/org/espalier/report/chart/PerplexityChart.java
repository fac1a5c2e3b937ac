package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.List;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Running perplexity over the windows of a text, several models in one chart. The first windows
 * swing widely and do not stretch the axis; values that lie far apart get a logarithmic one.
 */
public final class PerplexityChart {
  /** Of all lines together; more would not be seen. */
  private static final int MOST_POINTS = 2000;

  private final ChartStyle style;
  private final JFreeChart chart;
  private final XYPlot plot;
  private List<PerplexityLine> lines = List.of();

  /**
   * An empty chart.
   *
   * @param protocol what the numbers depend on, in words
   */
  public PerplexityChart(String protocol, ChartStyle style) {
    this.style = style;
    this.plot = new XYPlot(null, new NumberAxis("windows"), new NumberAxis("perplexity"), null);
    plot.setNoDataMessage("no perplexity measured yet");
    plot.getDomainAxis().setTickLabelsVisible(false);
    plot.getRangeAxis().setTickLabelsVisible(false);
    this.chart = new JFreeChart("Perplexity", ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(protocol));
    style.dress(chart);
  }

  /** The chart itself, for showing in a window; it changes with {@link #show}. */
  public JFreeChart chart() {
    return chart;
  }

  /** Replaces what is shown, with one repaint. */
  public void show(List<PerplexityLine> newLines) {
    List<PerplexityLine> shown = List.copyOf(newLines);
    lines = shown;
    chart.setNotify(false);
    XYSeriesCollection data = new XYSeriesCollection();
    List<String> labels = new ArrayList<>();
    List<Boolean> growing = new ArrayList<>();
    int windows = 1;
    for (PerplexityLine line : lines) {
      data.addSeries(series(line, data.getSeriesCount(), MOST_POINTS / shown.size()));
      labels.add(label(line));
      growing.add(!line.isComplete());
      windows = Math.max(windows, line.windows());
    }
    EndLabelRenderer renderer =
        new EndLabelRenderer(labels, growing, style.background(), i -> !shown.get(i).dense());
    int run = 0;
    for (int i = 0; i < lines.size(); i++) {
      boolean dense = lines.get(i).dense();
      renderer.setSeriesPaint(i, dense ? style.dense() : style.run(run++));
      renderer.setSeriesStroke(
          i, new BasicStroke(dense ? 1.5f : 2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }
    NumberAxis windowAxis =
        new EndRoomAxis("windows evaluated (of " + windows + ")", EndLabelRenderer.room(labels));
    windowAxis.setRange(0, windows);
    windowAxis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    plot.setDomainAxis(windowAxis);
    plot.setRangeAxis(perplexityAxis());
    plot.setRenderer(renderer);
    boolean empty = lines.stream().allMatch(line -> line.perplexities().isEmpty());
    plot.getRangeAxis().setTickLabelsVisible(!empty);
    plot.setDataset(empty ? null : data);
    style.dress(chart);
    chart.setNotify(true);
  }

  private static XYSeries series(PerplexityLine line, int index, int most) {
    XYSeries series = new XYSeries(index + " " + line.name(), false);
    int points = line.perplexities().size();
    // The last point comes on top.
    int step = Math.max(1, (points + most - 2) / Math.max(1, most - 1));
    for (int i = 0; i < points; i++) {
      if (i % step == 0 || i == points - 1) {
        series.add(i + 1, line.perplexities().get(i), false);
      }
    }
    return series;
  }

  private static String label(PerplexityLine line) {
    return line.perplexities().isEmpty()
        ? line.name()
        : line.name() + " " + PerplexityFormat.format(line.last());
  }

  private ValueAxis perplexityAxis() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (PerplexityLine line : lines) {
      int settled = Math.min(line.perplexities().size() - 1, line.perplexities().size() / 12);
      for (int i = Math.max(0, settled); i < line.perplexities().size(); i++) {
        double value = line.perplexities().get(i);
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return PerplexityAxis.over(low, high);
  }

  /** What is shown now, ready for a file. */
  public ChartFigure figure(int width, int height) {
    List<List<String>> rows = new ArrayList<>();
    for (PerplexityLine line : lines) {
      for (int i = 0; i < line.perplexities().size(); i++) {
        rows.add(
            List.of(
                line.name(), Integer.toString(i + 1), Double.toString(line.perplexities().get(i))));
      }
    }
    Table table = new Table(List.of("model", "window", "perplexity"), rows);
    return new ChartFigure("Perplexity", chart, table, width, height);
  }
}
