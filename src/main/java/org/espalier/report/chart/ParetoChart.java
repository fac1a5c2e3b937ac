package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.espalier.report.Table;
import org.espalier.report.comparison.ParetoFront;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.Range;
import org.jfree.data.xy.XYDataset;
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
  private static final double LARGEST = 13;

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
        new XYPlot(new XYSeriesCollection(series), axis, quality, new Points(shown, front, style));
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

  /** Draws points with their names, which keep out of each other's way. */
  private static final class Points extends AbstractXYItemRenderer {
    private static final double SIZE = 11;

    private final transient List<ParetoPoint> points;
    private final transient List<Boolean> front;
    private final transient ChartStyle style;
    private final transient List<Rectangle2D> taken = new ArrayList<>();
    private final double largest;

    Points(List<ParetoPoint> points, List<Boolean> front, ChartStyle style) {
      this.points = points;
      this.front = front;
      this.style = style;
      largest = points.stream().mapToDouble(ParetoPoint::bytes).max().orElse(1);
    }

    @Override
    public XYItemRendererState initialise(
        Graphics2D graphics,
        Rectangle2D area,
        XYPlot plot,
        XYDataset data,
        PlotRenderingInfo info) {
      taken.clear();
      for (int i = 0; i < points.size(); i++) {
        taken.add(
            mark(i, at(area, plot, data, i, true), at(area, plot, data, i, false)).getBounds2D());
      }
      return super.initialise(graphics, area, plot, data, info);
    }

    private static double at(
        Rectangle2D area, XYPlot plot, XYDataset data, int item, boolean along) {
      return along
          ? plot.getDomainAxis()
              .valueToJava2D(data.getXValue(0, item), area, plot.getDomainAxisEdge())
          : plot.getRangeAxis()
              .valueToJava2D(data.getYValue(0, item), area, plot.getRangeAxisEdge());
    }

    private Shape mark(int item, double x, double y) {
      double radius = Math.max(3, LARGEST * Math.sqrt(points.get(item).bytes() / largest));
      return AffineTransform.getTranslateInstance(x, y)
          .createTransformedShape(new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius));
    }

    @Override
    public void drawItem(
        Graphics2D graphics,
        XYItemRendererState state,
        Rectangle2D area,
        PlotRenderingInfo info,
        XYPlot plot,
        ValueAxis domainAxis,
        ValueAxis rangeAxis,
        XYDataset data,
        int series,
        int item,
        CrosshairState crosshair,
        int pass) {
      double x = at(area, plot, data, item, true);
      double y = at(area, plot, data, item, false);
      Shape mark = mark(item, x, y);
      graphics.setPaint(points.get(item).colour());
      graphics.setStroke(new BasicStroke(2));
      if (front.get(item)) {
        graphics.fill(mark);
      } else {
        graphics.draw(mark);
      }
      Font font = ChartStyle.font(SIZE, front.get(item));
      Rectangle2D words =
          font.getStringBounds(points.get(item).name(), graphics.getFontRenderContext());
      Rectangle2D place = place(area, mark.getBounds2D(), words.getWidth());
      taken.add(place);
      graphics.setPaint(front.get(item) ? style.text() : style.quiet());
      graphics.setFont(font);
      graphics.drawString(
          points.get(item).name(), (float) place.getX(), (float) (place.getMaxY() - 3));
    }

    /** Right of the mark, else left, below, above; the first that is free. */
    private Rectangle2D place(Rectangle2D area, Rectangle2D mark, double width) {
      double height = SIZE + 3;
      double middle = mark.getCenterY() - height / 2;
      List<Rectangle2D> ways = new ArrayList<>();
      for (double shift = 0; shift <= 2; shift += 0.5) {
        for (double sign : shift == 0 ? new double[] {1} : new double[] {1, -1}) {
          double y = middle + sign * shift * height;
          ways.add(new Rectangle2D.Double(mark.getMaxX() + 4, y, width, height));
          ways.add(new Rectangle2D.Double(mark.getMinX() - 4 - width, y, width, height));
        }
      }
      double centred = mark.getCenterX() - width / 2;
      ways.add(new Rectangle2D.Double(centred, mark.getMaxY() + 2, width, height));
      ways.add(new Rectangle2D.Double(centred, mark.getMinY() - 2 - height, width, height));
      return ways.stream()
          .filter(area::contains)
          .filter(way -> taken.stream().noneMatch(way::intersects))
          .findFirst()
          .orElse(ways.get(0));
    }
  }

  /** "×1.28". */
  public static String words(double ratio) {
    return String.format(Locale.ROOT, "×%.2f", ratio);
  }
}
