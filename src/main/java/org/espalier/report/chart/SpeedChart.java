package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Paint;
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
  private SpeedChart() {}

  /**
   * A chart of at least one bar.
   *
   * @param note device, batch and numbers of tokens, in words
   */
  public static ChartFigure of(List<SpeedBar> bars, String note, ChartStyle style, int width) {
    CategoryAxis names = new CategoryAxis();
    names.setLowerMargin(0.05);
    names.setUpperMargin(0.05);
    names.setCategoryMargin(0.35);
    names.setMaximumCategoryLabelWidthRatio(2.5f);
    CombinedDomainCategoryPlot plot = new CombinedDomainCategoryPlot(names);
    plot.setGap(28);
    plot.add(part(bars, "decode, tokens per second", true, style));
    plot.add(part(bars, "prefill, tokens per second", false, style));
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    JFreeChart chart = new JFreeChart("Speed", ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    names.setTickLabelPaint(style.text());
    names.setTickLabelFont(ChartStyle.font(11, false));
    names.setAxisLineVisible(false);
    names.setTickMarksVisible(false);
    return new ChartFigure("Speed", chart, table(bars), width, 110 + 34 * bars.size());
  }

  private static CategoryPlot part(
      List<SpeedBar> bars, String title, boolean decode, ChartStyle style) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    double longest = 0;
    for (int i = 0; i < bars.size(); i++) {
      double speed = speed(bars.get(i), decode);
      // Two runs may bear the same name; categories must not.
      data.addValue(speed, "speed", new NamedPlace(i, bars.get(i).name()));
      longest = Math.max(longest, speed);
    }
    Labels labels = new Labels(bars, decode);
    List<String> words = IntStream.range(0, bars.size()).mapToObj(labels::words).toList();
    NumberAxis axis = new EndRoomAxis(title, EndLabelRenderer.room(words));
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

  private static BarRenderer renderer(List<SpeedBar> bars, Labels labels, ChartStyle style) {
    BarRenderer renderer = new ColouredBars(bars, style);
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
              median(bar.decode())));
    }
    return new Table(
        List.of(
            "model",
            "prefillTokensPerSecond",
            "decodeTokensPerSecond",
            "peakMemoryBytes",
            "prefillRatio",
            "decodeRatio"),
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

  /** Paints each model in its own colour. */
  private static final class ColouredBars extends BarRenderer {
    private final transient List<Paint> paints = new ArrayList<>();

    ColouredBars(List<SpeedBar> bars, ChartStyle style) {
      int run = 0;
      for (SpeedBar bar : bars) {
        paints.add(bar.dense() ? style.dense() : style.run(run++));
      }
    }

    @Override
    public Paint getItemPaint(int row, int column) {
      return paints.get(column);
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
      return (decode ? bar.decode() : bar.prefill())
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
