package org.espalier.report.chart;

import java.awt.Color;
import java.awt.Paint;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLabelLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;

/** Peak memory of several models at work, as bars. */
public final class MemoryChart {
  private MemoryChart() {}

  /**
   * A bar.
   *
   * @param name as in the list of runs; each at most once
   * @param bytes weights plus the highest that working with them added
   */
  public record Bar(String name, boolean dense, long bytes) {}

  /**
   * A chart of at least one bar.
   *
   * @param note device, batch and numbers of tokens, in words
   */
  public static ChartFigure of(List<Bar> bars, String note, ChartStyle style, int width) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    bars.forEach(bar -> data.addValue(bar.bytes() / 0x1p20, "memory", bar.name()));
    List<String> words = bars.stream().map(bar -> words(bar.bytes())).toList();
    EndRoomAxis axis = new EndRoomAxis("peak memory", EndLabelRenderer.room(words));
    axis.setRange(0, Math.max(1e-9, bars.stream().mapToLong(Bar::bytes).max().orElse(0) / 0x1p20));
    axis.setLabelLocation(AxisLabelLocation.LOW_END);
    axis.setTickLabelsVisible(false);
    axis.setTickMarksVisible(false);
    axis.setAxisLineVisible(false);
    CategoryAxis names = new CategoryAxis();
    names.setCategoryMargin(0.35);
    names.setMaximumCategoryLabelWidthRatio(2.5f);
    CategoryPlot plot = new CategoryPlot(data, names, axis, renderer(bars, words, style));
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeGridlinesVisible(false);
    JFreeChart chart = new JFreeChart("Memory", ChartStyle.font(13, true), plot, false);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    names.setTickLabelPaint(style.text());
    names.setTickLabelFont(ChartStyle.font(11, false));
    names.setAxisLineVisible(false);
    names.setTickMarksVisible(false);
    Table table =
        new Table(
            List.of("model", "peakMemoryBytes"),
            bars.stream().map(bar -> List.of(bar.name(), Long.toString(bar.bytes()))).toList());
    return new ChartFigure("Memory", chart, table, width, 120 + 34 * bars.size());
  }

  private static String words(long bytes) {
    return String.format(
        Locale.ROOT,
        bytes >= 1L << 30 ? "%.2f GiB" : "%.1f MiB",
        bytes / (bytes >= 1L << 30 ? 0x1p30 : 0x1p20));
  }

  private static BarRenderer renderer(List<Bar> bars, List<String> words, ChartStyle style) {
    List<Color> paints =
        IntStream.range(0, bars.size())
            .mapToObj(
                i ->
                    bars.get(i).dense()
                        ? style.dense()
                        : style.run(
                            (int) bars.subList(0, i).stream().filter(bar -> !bar.dense()).count()))
            .toList();
    BarRenderer renderer =
        new BarRenderer() {
          @Override
          public Paint getItemPaint(int row, int column) {
            return paints.get(column);
          }
        };
    style.dress(renderer);
    renderer.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator() {
          @Override
          public String generateLabel(CategoryDataset dataset, int row, int column) {
            return words.get(column);
          }
        });
    return renderer;
  }
}
