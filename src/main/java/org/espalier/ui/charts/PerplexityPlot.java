package org.espalier.ui.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.espalier.ui.charts.PerplexityViewModel.Line;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.SamplingXYLineRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws running perplexities; every curve is named at its end. */
final class PerplexityPlot {
  private static final int POINTS_AT_MOST = 2000;
  private static final double LOGARITHMIC_FROM = 8;
  private static final double LABEL_SPACING = 0.085;

  private PerplexityPlot() {}

  static JFreeChart of(List<Line> lines, String windowsLabel, ChartColours colours) {
    XYSeriesCollection data = new XYSeriesCollection();
    SamplingXYLineRenderer renderer = new SamplingXYLineRenderer();
    int windows = 1;
    for (Line line : lines) {
      int index = data.getSeriesCount();
      data.addSeries(series(line, index));
      renderer.setSeriesPaint(index, colours.colour(line.colour()));
      renderer.setSeriesStroke(
          index,
          new BasicStroke(
              line.strong() ? 2.4f : 1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      windows =
          Math.max(windows, Math.max(line.curve().windows(), line.curve().perplexities().size()));
    }
    Range range = range(lines);
    ValueAxis perplexity =
        range.getUpperBound() > LOGARITHMIC_FROM * range.getLowerBound()
            ? new LogarithmicAxis(null)
            : new NumberAxis();
    perplexity.setRange(range);
    NumberAxis window = new NumberAxis(windowsLabel);
    window.setRange(0, windows);
    window.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    XYPlot plot = new XYPlot(data, window, perplexity, renderer);
    dress(plot, colours);
    annotate(plot, lines, range, windows, colours);
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    chart.setBackgroundPaint(colours.background());
    chart.setPadding(new RectangleInsets(4, 0, 0, 8));
    return chart;
  }

  static void dress(XYPlot plot, ChartColours colours) {
    plot.setBackgroundPaint(colours.background());
    plot.setOutlineVisible(false);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(colours.grid());
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    for (ValueAxis axis : new ValueAxis[] {plot.getDomainAxis(), plot.getRangeAxis()}) {
      axis.setAxisLineVisible(false);
      axis.setTickMarksVisible(false);
      axis.setTickLabelPaint(colours.quiet());
      axis.setLabelPaint(colours.quiet());
      axis.setTickLabelFont(font(Font.PLAIN, 10));
      axis.setLabelFont(font(Font.PLAIN, 10));
    }
  }

  static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  private static XYSeries series(Line line, int key) {
    XYSeries series = new XYSeries(key, false, true);
    List<Double> values = line.curve().perplexities();
    int step = Math.max(1, (values.size() + POINTS_AT_MOST - 1) / POINTS_AT_MOST);
    for (int i = 0; i < values.size(); i++) {
      if (i % step == 0 || i == values.size() - 1) {
        series.add(i + 1, values.get(i), false);
      }
    }
    return series;
  }

  /** Leaves out the first windows, whose running values swing widely, where there are enough. */
  private static Range range(List<Line> lines) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Line line : lines) {
      List<Double> values = line.curve().perplexities();
      for (int i = values.size() / 10; i < values.size(); i++) {
        if (Double.isFinite(values.get(i)) && values.get(i) > 0) {
          low = Math.min(low, values.get(i));
          high = Math.max(high, values.get(i));
        }
      }
    }
    if (high == 0) {
      return new Range(1, 10);
    }
    double margin = Math.max(0.18 * (high - low), 0.04 * high);
    return new Range(Math.max(low * 0.8, low - margin), high + margin);
  }

  private static void annotate(
      XYPlot plot, List<Line> lines, Range range, int windows, ChartColours colours) {
    List<Line> ended =
        new ArrayList<>(
            lines.stream().filter(line -> !line.curve().perplexities().isEmpty()).toList());
    ended.sort(Comparator.comparingDouble(PerplexityPlot::last));
    boolean logarithmic = plot.getRangeAxis() instanceof LogarithmicAxis;
    double below = Double.NEGATIVE_INFINITY;
    for (Line line : ended) {
      double place = position(last(line), range, logarithmic) + 0.02;
      place = Math.min(0.94, Math.max(place, below + LABEL_SPACING));
      below = place;
      int reached = line.curve().perplexities().size();
      boolean nearRight = reached > windows * 0.5;
      XYTextAnnotation label =
          new XYTextAnnotation(
              PerplexityViewModel.label(line), reached, value(place, range, logarithmic));
      label.setTextAnchor(nearRight ? TextAnchor.BOTTOM_RIGHT : TextAnchor.BOTTOM_LEFT);
      label.setFont(font(line.strong() ? Font.BOLD : Font.PLAIN, 11));
      Color paint = colours.colour(line.colour());
      label.setPaint(line.colour() < 0 ? colours.quiet() : paint);
      plot.addAnnotation(label, false);
    }
  }

  private static double last(Line line) {
    return line.curve().perplexities().get(line.curve().perplexities().size() - 1);
  }

  private static double position(double value, Range range, boolean logarithmic) {
    return logarithmic
        ? Math.log(value / range.getLowerBound())
            / Math.log(range.getUpperBound() / range.getLowerBound())
        : (value - range.getLowerBound()) / range.getLength();
  }

  private static double value(double position, Range range, boolean logarithmic) {
    return logarithmic
        ? range.getLowerBound() * Math.pow(range.getUpperBound() / range.getLowerBound(), position)
        : range.getLowerBound() + position * range.getLength();
  }
}
