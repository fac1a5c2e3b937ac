package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Perplexity of several runs against what they remove or gain. */
public final class TradeOffChart {
  private TradeOffChart() {}

  /**
   * A chart with one line for each series.
   *
   * @param title also the figure's
   * @param xLabel what {@code x} is, with its unit
   * @param dense perplexity of the dense model, drawn as a line across; NaN if unknown
   * @param note the protocol of the perplexities, in words
   */
  public static ChartFigure of(
      String title,
      String xLabel,
      List<TradeOffPoint> points,
      double dense,
      String note,
      ChartStyle style,
      int width,
      int height) {
    Map<String, List<TradeOffPoint>> bySeries = new LinkedHashMap<>();
    for (TradeOffPoint point : points) {
      bySeries.computeIfAbsent(point.series(), name -> new ArrayList<>()).add(point);
    }
    XYSeriesCollection data = new XYSeriesCollection();
    List<String> labels = new ArrayList<>();
    bySeries.forEach(
        (name, members) -> {
          XYSeries series = new XYSeries(name, false);
          members.stream()
              .sorted(Comparator.comparingDouble(TradeOffPoint::x))
              .forEach(point -> series.add(point.x(), point.perplexity()));
          data.addSeries(series);
          labels.add(name);
        });
    Range xRange = xRange(points);
    boolean hasDense = Double.isFinite(dense);
    if (hasDense) {
      // One of the labelled lines, so that its name keeps clear of theirs.
      labels.add("dense " + PerplexityFormat.format(dense));
      XYSeries across = new XYSeries(labels.get(labels.size() - 1), false);
      across.add(xRange.getLowerBound(), dense);
      across.add(points.stream().mapToDouble(TradeOffPoint::x).max().orElse(1), dense);
      data.addSeries(across);
    }
    int lines = bySeries.size();
    EndLabelRenderer renderer =
        new EndLabelRenderer(
            labels,
            labels.stream().map(label -> false).toList(),
            style.background(),
            i -> i < lines);
    for (int i = 0; i < lines; i++) {
      renderer.setSeriesPaint(i, style.run(i));
      renderer.setSeriesStroke(i, new BasicStroke(2));
      renderer.setSeriesShape(i, SeriesShapes.of(i / style.runs().size(), 4));
      renderer.setSeriesShapesVisible(i, true);
    }
    if (hasDense) {
      renderer.setSeriesPaint(lines, style.dense());
      renderer.setSeriesStroke(lines, new BasicStroke(1.5f));
    }
    NumberAxis xAxis = new EndRoomAxis(xLabel, EndLabelRenderer.room(labels));
    xAxis.setRange(xRange);
    XYPlot plot = new XYPlot(data, xAxis, perplexityAxis(points, dense), renderer);
    drawBands(plot, points, labels.subList(0, lines), style);
    JFreeChart chart = new JFreeChart(title, ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    return new ChartFigure(title, chart, table(xLabel, points), width, height);
  }

  /** Whiskers in the colours of their lines, under them. */
  private static void drawBands(
      XYPlot plot, List<TradeOffPoint> points, List<String> labels, ChartStyle style) {
    if (points.stream().noneMatch(point -> point.band().isPresent())) {
      return;
    }
    YIntervalSeriesCollection bands = new YIntervalSeriesCollection();
    XYErrorRenderer whiskers = new XYErrorRenderer();
    whiskers.setDrawXError(false);
    whiskers.setCapLength(5);
    whiskers.setErrorStroke(new BasicStroke(1));
    for (int i = 0; i < labels.size(); i++) {
      YIntervalSeries series = new YIntervalSeries(labels.get(i));
      for (TradeOffPoint point : points) {
        if (point.series().equals(labels.get(i))) {
          point
              .band()
              .filter(band -> Double.isFinite(band.high()))
              .ifPresent(
                  band -> series.add(point.x(), point.perplexity(), band.low(), band.high()));
        }
      }
      bands.addSeries(series);
      whiskers.setSeriesPaint(i, style.run(i));
      whiskers.setSeriesShapesVisible(i, false);
      whiskers.setSeriesLinesVisible(i, false);
    }
    plot.setDataset(1, bands);
    plot.setRenderer(1, whiskers);
  }

  private static Range xRange(List<TradeOffPoint> points) {
    double low = points.stream().mapToDouble(TradeOffPoint::x).min().orElse(0);
    double high = points.stream().mapToDouble(TradeOffPoint::x).max().orElse(1);
    double margin = high > low ? 0.06 * (high - low) : Math.max(0.05 * Math.abs(high), 1e-6);
    return new Range(low - margin, high + margin / 4);
  }

  private static ValueAxis perplexityAxis(List<TradeOffPoint> points, double dense) {
    double[] values =
        DoubleStream.concat(
                points.stream()
                    .flatMapToDouble(
                        point ->
                            point
                                .band()
                                .map(
                                    band ->
                                        DoubleStream.of(
                                            point.perplexity(), band.low(), band.high()))
                                .orElse(DoubleStream.of(point.perplexity()))),
                DoubleStream.of(dense))
            .filter(Double::isFinite)
            .toArray();
    return PerplexityAxis.over(
        Arrays.stream(values).min().orElse(1), Arrays.stream(values).max().orElse(2));
  }

  private static Table table(String xLabel, List<TradeOffPoint> points) {
    return new Table(
        List.of("model", "series", xLabel, "perplexity", "low", "high"),
        points.stream()
            .map(
                point ->
                    List.of(
                        point.name(),
                        point.series(),
                        Double.toString(point.x()),
                        Double.toString(point.perplexity()),
                        point.band().map(band -> Double.toString(band.low())).orElse(""),
                        point.band().map(band -> Double.toString(band.high())).orElse("")))
            .toList());
  }
}
