package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.evaluation.SpeedComparison.Spread;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLabelLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.CategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.CombinedDomainCategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;

/** Tokens per second of several models, reading a prompt and writing, each with its own axis. */
public final class SpeedChart {
  /** Bars may be short where the room is narrow, words may not be cut. */
  private static final double ROOM_FOR_WORDS = 0.8;

  private SpeedChart() {}

  /**
   * A chart of at least one bar.
   *
   * @param note device, batch and numbers of tokens, in words
   */
  public static ChartFigure of(List<SpeedBar> bars, String note, ChartStyle style, int width) {
    CategoryAxis names = names();
    CombinedDomainCategoryPlot plot = new CombinedDomainCategoryPlot(names);
    plot.setGap(28);
    plot.add(part(bars, true, style));
    plot.add(part(bars, false, style));
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    JFreeChart chart = new JFreeChart("Speed", ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    dress(names, style);
    return new ChartFigure("Speed", chart, table(bars), width, 110 + 34 * bars.size());
  }

  /**
   * One half of it without title and note, for narrow places.
   *
   * @param decode for writing, else for reading a prompt
   */
  public static JFreeChart half(List<SpeedBar> bars, boolean decode, ChartStyle style) {
    CategoryAxis names = names();
    CategoryPlot plot = part(bars, decode, style);
    plot.setDomainAxis(names);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    style.dress(chart);
    dress(names, style);
    return chart;
  }

  private static CategoryAxis names() {
    CategoryAxis names = new CategoryAxis();
    names.setLowerMargin(0.05);
    names.setUpperMargin(0.05);
    names.setCategoryMargin(0.35);
    names.setMaximumCategoryLabelWidthRatio(2.5f);
    names.setAxisLineVisible(false);
    names.setTickMarksVisible(false);
    return names;
  }

  private static void dress(CategoryAxis names, ChartStyle style) {
    names.setTickLabelPaint(style.text());
    names.setTickLabelFont(ChartStyle.font(11, false));
  }

  private static String title(List<SpeedBar> bars, boolean decode) {
    if (!decode) {
      return "prefill, tokens/s";
    }
    return bars.stream().anyMatch(bar -> bar.decodeBound().isPresent())
        ? "decode, tokens/s; dashed: at most"
        : "decode, tokens/s";
  }

  private static CategoryPlot part(List<SpeedBar> bars, boolean decode, ChartStyle style) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    double longest = 0;
    for (int i = 0; i < bars.size(); i++) {
      double speed = speed(bars.get(i), decode);
      // Two runs may bear the same name; categories must not.
      data.addValue(speed, "speed", new NamedPlace(i, bars.get(i).name()));
      longest = Math.max(longest, furthest(bars.get(i), decode));
    }
    Labels labels = new Labels(bars, decode);
    List<String> words = IntStream.range(0, bars.size()).mapToObj(labels::words).toList();
    NumberAxis axis =
        new EndRoomAxis(title(bars, decode), EndLabelRenderer.room(words), ROOM_FOR_WORDS);
    axis.setRange(0, Math.max(1e-9, longest));
    axis.setLabelLocation(AxisLabelLocation.LOW_END);
    axis.setTickLabelsVisible(false);
    axis.setTickMarksVisible(false);
    axis.setAxisLineVisible(false);
    CategoryPlot plot = new CategoryPlot(data, null, axis, renderer(bars, labels, style));
    plot.setRangeGridlinesVisible(false);
    return plot;
  }

  private static double speed(SpeedBar bar, boolean decode) {
    return decode ? bar.result().decodeTokensPerSecond() : bar.result().prefillTokensPerSecond();
  }

  /** How far a bar, its spread and its bound reach together. */
  private static double furthest(SpeedBar bar, boolean decode) {
    double spread =
        spread(bar, decode).map(s -> speed(bar, decode) * s.high() / s.median()).orElse(0.0);
    return Math.max(speed(bar, decode), Math.max(spread, decode ? bar.decodeBound().orElse(0) : 0));
  }

  private static Optional<Spread> spread(SpeedBar bar, boolean decode) {
    return decode ? bar.decode() : bar.prefill();
  }

  private static BarRenderer renderer(List<SpeedBar> bars, Labels labels, ChartStyle style) {
    BarRenderer renderer = new ColouredBars(bars, labels.decode(), style);
    style.dress(renderer);
    renderer.setDefaultItemLabelGenerator(labels);
    renderer.setDefaultStroke(new BasicStroke(1));
    return renderer;
  }

  private static Table table(List<SpeedBar> bars) {
    List<List<String>> rows = new ArrayList<>();
    for (SpeedBar bar : bars) {
      rows.add(
          List.of(
              bar.name(),
              Double.toString(bar.result().prefillTokensPerSecond()),
              Double.toString(bar.result().decodeTokensPerSecond()),
              Long.toString(bar.result().peakMemoryBytes()),
              median(bar.prefill()),
              median(bar.decode()),
              bar.decodeBound().isPresent()
                  ? Double.toString(bar.decodeBound().getAsDouble())
                  : ""));
    }
    return new Table(
        List.of(
            "model",
            "prefillTokensPerSecond",
            "decodeTokensPerSecond",
            "peakMemoryBytes",
            "prefillRatio",
            "decodeRatio",
            "decodeTokensPerSecondAtMost"),
        rows);
  }

  private static String median(Optional<Spread> spread) {
    return spread.map(s -> Double.toString(s.median())).orElse("");
  }

  /** "52.8", "1,234": three digits matter. */
  static String speed(double tokensPerSecond) {
    return String.format(Locale.ROOT, tokensPerSecond >= 100 ? "%,.0f" : "%.1f", tokensPerSecond);
  }

  private record NamedPlace(int place, String name) implements Comparable<NamedPlace> {
    @Override
    public int compareTo(NamedPlace other) {
      return Integer.compare(place, other.place);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Paints each model in its own colour, with its spread and the bound over it. */
  private static final class ColouredBars extends BarRenderer {
    private static final float[] DASHES = {3, 2};

    private final transient List<SpeedBar> bars;
    private final boolean decode;
    private final transient ChartStyle style;
    private final transient List<Paint> paints = new ArrayList<>();

    ColouredBars(List<SpeedBar> bars, boolean decode, ChartStyle style) {
      this.bars = bars;
      this.decode = decode;
      this.style = style;
      int run = 0;
      for (SpeedBar bar : bars) {
        paints.add(bar.dense() ? style.dense() : style.run(run++));
      }
    }

    @Override
    public Paint getItemPaint(int row, int column) {
      return paints.get(column);
    }

    @Override
    protected void drawItemLabel(
        Graphics2D graphics,
        CategoryDataset data,
        int row,
        int column,
        CategoryPlot plot,
        CategoryItemLabelGenerator generator,
        Rectangle2D area,
        boolean negative) {
      SpeedBar bar = bars.get(column);
      double scale = area.getWidth() / speed(bar, decode);
      double middle = area.getCenterY();
      spread(bar, decode)
          .ifPresent(
              s -> {
                double once = area.getWidth() / s.median();
                graphics.setPaint(style.text());
                graphics.setStroke(new BasicStroke(1.2f));
                graphics.draw(
                    new Line2D.Double(
                        area.getX() + once * s.low(),
                        middle,
                        area.getX() + once * s.high(),
                        middle));
              });
      if (decode && bar.decodeBound().isPresent()) {
        double x = area.getX() + scale * bar.decodeBound().getAsDouble();
        graphics.setPaint(style.text());
        graphics.setStroke(
            new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, DASHES, 0));
        graphics.draw(new Line2D.Double(x, area.getMinY() - 3, x, area.getMaxY() + 3));
      }
      // Words stand behind everything that was drawn.
      Rectangle2D whole =
          new Rectangle2D.Double(
              area.getX(), area.getY(), scale * furthest(bar, decode), area.getHeight());
      super.drawItemLabel(graphics, data, row, column, plot, generator, whole, negative);
    }
  }

  /** "52.8 ×1.28 (1.25 to 1.31)". */
  private record Labels(List<SpeedBar> bars, boolean decode) implements CategoryItemLabelGenerator {
    @Override
    public String generateLabel(CategoryDataset data, int row, int column) {
      return words(column);
    }

    String words(int column) {
      SpeedBar bar = bars.get(column);
      String speed = speed(SpeedChart.speed(bar, decode));
      return spread(bar, decode)
          .map(
              s ->
                  String.format(
                      Locale.ROOT, "%s  ×%.2f (%.2f–%.2f)", speed, s.median(), s.low(), s.high()))
          .orElse(speed);
    }

    @Override
    public String generateRowLabel(CategoryDataset data, int row) {
      return "";
    }

    @Override
    public String generateColumnLabel(CategoryDataset data, int column) {
      return bars.get(column).name();
    }
  }
}
