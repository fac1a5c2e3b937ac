package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** A race as it goes: differences of losses with intervals that grow narrower, and zero. */
public final class RaceChart {
  /** More bands than this cover each other; then only those of the leader are shown. */
  private static final int MOST_PAIRS = 3;

  /** The first intervals are so wide that the last ones would be a line beside them. */
  private static final double SHOWN_FROM = 0.3;

  private RaceChart() {}

  /**
   * A chart of differences against windows.
   *
   * @param history where the race stood after every window; may be empty
   * @param note what the numbers depend on, in words
   */
  public static ChartFigure of(
      List<RaceStanding> history, String note, ChartStyle style, int width, int height) {
    NumberAxis windows = new NumberAxis("windows read");
    windows.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    NumberAxis difference = new NumberAxis("difference, nats per token");
    difference.setAutoRangeIncludesZero(true);
    YIntervalSeriesCollection data = new YIntervalSeriesCollection();
    DeviationRenderer renderer = new DeviationRenderer(true, false);
    renderer.setAlpha(0.22f);
    XYPlot plot = new XYPlot(null, windows, difference, renderer);
    plot.setNoDataMessage("the race has not begun");
    if (!history.isEmpty()) {
      RaceStanding last = history.get(history.size() - 1);
      windows.setLabel("windows read (of " + last.windows() + ")");
      windows.setRange(0, Math.max(last.window() + 1.0, 10));
      for (int pair : shown(last)) {
        Color colour = style.run(data.getSeriesCount());
        renderer.setSeriesPaint(data.getSeriesCount(), colour);
        renderer.setSeriesFillPaint(data.getSeriesCount(), colour);
        renderer.setSeriesStroke(data.getSeriesCount(), new BasicStroke(2.2f));
        data.addSeries(series(history, pair, name(last, pair)));
      }
      if (data.getSeriesCount() == 1) {
        difference.setLabel(data.getSeriesKey(0) + ", nats per token");
      }
      range(difference, data, last.window());
      plot.setDataset(data);
    }
    ValueMarker equal = new ValueMarker(0, style.text(), new BasicStroke(1.4f));
    plot.addRangeMarker(equal, Layer.FOREGROUND);
    // A single difference is named by its axis.
    boolean several = data.getSeriesCount() > 1;
    JFreeChart chart = new JFreeChart("Race", ChartStyle.font(13, true), plot, several);
    if (several) {
      LegendTitle legend = chart.getLegend();
      legend.setFrame(BlockBorder.NONE);
      legend.setPosition(RectangleEdge.TOP);
      legend.setHorizontalAlignment(HorizontalAlignment.LEFT);
      legend.setBackgroundPaint(style.background());
      legend.setItemPaint(style.text());
      legend.setItemFont(ChartStyle.font(11, false));
    }
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    return new ChartFigure("Race", chart, table(history), width, height);
  }

  private static List<Integer> shown(RaceStanding last) {
    List<Integer> all = new ArrayList<>();
    int leader = leader(last);
    for (int i = 0; i < last.pairs().size(); i++) {
      RaceStanding.Pair pair = last.pairs().get(i);
      if (last.pairs().size() <= MOST_PAIRS || pair.first() == leader || pair.second() == leader) {
        all.add(i);
      }
    }
    return all;
  }

  private static int leader(RaceStanding standing) {
    int best = 0;
    for (int lane = 1; lane < standing.lanes().size(); lane++) {
      if (standing.lanes().get(lane).perplexity() < standing.lanes().get(best).perplexity()) {
        best = lane;
      }
    }
    return best;
  }

  private static String name(RaceStanding standing, int index) {
    RaceStanding.Pair pair = standing.pairs().get(index);
    return standing.lanes().get(pair.first()).name()
        + " − "
        + standing.lanes().get(pair.second()).name();
  }

  private static YIntervalSeries series(List<RaceStanding> history, int index, String name) {
    YIntervalSeries series = new YIntervalSeries(name);
    for (RaceStanding standing : history) {
      RaceStanding.Pair pair = standing.pairs().get(index);
      boolean stands = pair.decided() && pair.decidedAfter() < standing.window();
      if (!stands && Double.isFinite(pair.difference().low())) {
        series.add(
            standing.window(),
            pair.difference().mean(),
            pair.difference().low(),
            pair.difference().high());
      }
    }
    return series;
  }

  /** From zero to the intervals of the later windows. */
  private static void range(NumberAxis axis, YIntervalSeriesCollection data, int window) {
    double low = 0;
    double high = 0;
    for (int series = 0; series < data.getSeriesCount(); series++) {
      int items = data.getItemCount(series);
      for (int item = 0; item < items; item++) {
        if (data.getXValue(series, item) >= SHOWN_FROM * window || item == items - 1) {
          low = Math.min(low, data.getStartYValue(series, item));
          high = Math.max(high, data.getEndYValue(series, item));
        }
      }
    }
    double margin = high > low ? 0.08 * (high - low) : 0.01;
    axis.setRange(low - margin, high + margin);
  }

  private static Table table(List<RaceStanding> history) {
    List<List<String>> rows = new ArrayList<>();
    for (RaceStanding standing : history) {
      for (RaceStanding.Pair pair : standing.pairs()) {
        rows.add(
            List.of(
                Integer.toString(standing.window()),
                standing.lanes().get(pair.first()).name(),
                standing.lanes().get(pair.second()).name(),
                Double.toString(pair.difference().mean()),
                Double.toString(pair.difference().low()),
                Double.toString(pair.difference().high()),
                Integer.toString(pair.decidedAfter())));
      }
    }
    return new Table(
        List.of("window", "first", "second", "difference", "low", "high", "decidedAfter"), rows);
  }
}
