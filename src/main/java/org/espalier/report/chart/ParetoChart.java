package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.espalier.report.Table;
import org.espalier.report.comparison.ParetoFront;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Speed, quality and size of models in one picture: perplexity against speed, the area of a point
 * is its size. Points on the Pareto front of all three are filled, the others open.
 */
public final class ParetoChart {
  /** What stands along the bottom. */
  public enum Across {
    /** Decoding as a multiple of the dense model's; models without it are left out. */
    SPEED,
    /** Weights in MiB; speed takes no part. */
    SIZE
  }

  private static final double MIB = 1 << 20;

  private ParetoChart() {}

  /**
   * A chart of at least one point.
   *
   * @param title also the figure's
   * @param note what the numbers depend on, in words
   */
  public static ChartFigure of(
      String title,
      String note,
      List<ParetoPoint> points,
      Across across,
      ChartStyle style,
      int width,
      int height) {
    List<ParetoPoint> shown =
        across == Across.SIZE
            ? points
            : points.stream().filter(point -> Double.isFinite(point.speed())).toList();
    List<Boolean> front =
        ParetoFront.of(shown.stream().map(point -> costs(point, across)).toList());
    XYSeries series = new XYSeries("models", false);
    shown.forEach(point -> series.add(x(point, across), point.perplexity()));
    NumberAxis axis =
        new NumberAxis(
            across == Across.SPEED ? "decoding speed, times the dense model's" : "weights, MiB");
    axis.setRange(range(shown.stream().mapToDouble(point -> x(point, across)).toArray()));
    axis.setAutoRangeIncludesZero(false);
    double[] perplexities = shown.stream().mapToDouble(ParetoPoint::perplexity).toArray();
    ValueAxis quality =
        PerplexityAxis.over(
            Arrays.stream(perplexities).min().orElse(1),
            Arrays.stream(perplexities).max().orElse(2));
    XYPlot plot =
        new XYPlot(
            new XYSeriesCollection(series),
            axis,
            quality,
            new NamedPointRenderer(shown, front, style));
    JFreeChart chart = new JFreeChart(title, ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    plot.setDomainGridlinesVisible(true);
    plot.setDomainGridlinePaint(style.grid());
    plot.setDomainGridlineStroke(new BasicStroke(1));
    return new ChartFigure(title, chart, table(shown, front), width, height);
  }

  /** Names of the models that nothing else beats, in their order. */
  public static List<String> front(List<ParetoPoint> points, Across across) {
    List<ParetoPoint> shown =
        points.stream()
            .filter(point -> across == Across.SIZE || Double.isFinite(point.speed()))
            .toList();
    List<Boolean> front =
        ParetoFront.of(shown.stream().map(point -> costs(point, across)).toList());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      if (front.get(i)) {
        names.add(shown.get(i).name());
      }
    }
    return names;
  }

  private static double[] costs(ParetoPoint point, Across across) {
    return across == Across.SPEED
        ? new double[] {-point.speed(), point.perplexity(), point.bytes()}
        : new double[] {point.perplexity(), point.bytes()};
  }

  private static double x(ParetoPoint point, Across across) {
    return across == Across.SPEED ? point.speed() : point.bytes() / MIB;
  }

  private static Range range(double[] values) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(1);
    double margin = high > low ? 0.14 * (high - low) : Math.max(0.1 * Math.abs(high), 1e-6);
    return new Range(low - margin, high + margin);
  }

  private static Table table(List<ParetoPoint> points, List<Boolean> front) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      ParetoPoint point = points.get(i);
      rows.add(
          List.of(
              point.name(),
              Double.isFinite(point.speed()) ? Double.toString(point.speed()) : "",
              Double.toString(point.perplexity()),
              Long.toString(point.bytes()),
              front.get(i).toString()));
    }
    return new Table(List.of("model", "decodeRatio", "perplexity", "bytes", "front"), rows);
  }

  /** "×1.28". */
  public static String words(double ratio) {
    return String.format(Locale.ROOT, "×%.2f", ratio);
  }
}
