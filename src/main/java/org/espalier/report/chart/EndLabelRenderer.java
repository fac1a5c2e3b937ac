package org.espalier.report.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYDataset;

/**
 * Lines that carry their names at their ends instead of in a legend. Names that would overlap move
 * apart; a line that still grows ends in a dot.
 */
final class EndLabelRenderer extends XYLineAndShapeRenderer {
  private static final double DOT = 3.5;

  private final transient List<String> labels;
  private final transient List<Boolean> growing;
  private final Color background;
  private final transient IntPredicate bold;
  private final transient Map<Integer, Double> heights = new HashMap<>();

  /**
   * One label for each series.
   *
   * @param growing which series end in a dot
   * @param bold which labels are bold
   * @param background shines through behind the labels
   */
  EndLabelRenderer(
      List<String> labels, List<Boolean> growing, Color background, IntPredicate bold) {
    super(true, false);
    this.labels = List.copyOf(labels);
    this.growing = List.copyOf(growing);
    this.bold = bold;
    this.background = background;
  }

  /** Logical pixels that labels need behind the ends of their lines. */
  static double room(List<String> labels) {
    return 14
        + labels.stream().mapToDouble(label -> VeiledWords.width(label, true)).max().orElse(0);
  }

  @Override
  public XYItemRendererState initialise(
      Graphics2D graphics, Rectangle2D area, XYPlot plot, XYDataset data, PlotRenderingInfo info) {
    heights.clear();
    if (data != null) {
      place(area, plot, data);
    }
    return super.initialise(graphics, area, plot, data, info);
  }

  private void place(Rectangle2D area, XYPlot plot, XYDataset data) {
    List<Integer> byHeight = new ArrayList<>();
    Map<Integer, Double> wanted = new HashMap<>();
    for (int series = 0; series < data.getSeriesCount(); series++) {
      int last = data.getItemCount(series) - 1;
      if (last >= 0 && !Double.isNaN(data.getYValue(series, last))) {
        double y =
            plot.getRangeAxis()
                .valueToJava2D(data.getYValue(series, last), area, plot.getRangeAxisEdge());
        wanted.put(series, Math.max(area.getMinY() + 5, Math.min(area.getMaxY() - 5, y)));
        byHeight.add(series);
      }
    }
    byHeight.sort(Comparator.comparing(wanted::get));
    double free = Double.NEGATIVE_INFINITY;
    for (int series : byHeight) {
      double y = Math.max(wanted.get(series), free);
      heights.put(series, y);
      free = y + VeiledWords.LINE;
    }
    // Whatever was pushed below the plot moves up again.
    double limit = area.getMaxY() - 5;
    for (int i = byHeight.size() - 1; i >= 0; i--) {
      int series = byHeight.get(i);
      double y = Math.min(heights.get(series), limit);
      heights.put(series, y);
      limit = y - VeiledWords.LINE;
    }
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
    super.drawItem(
        graphics,
        state,
        area,
        info,
        plot,
        domainAxis,
        rangeAxis,
        data,
        series,
        item,
        crosshair,
        pass);
    if (pass == 1 && item == data.getItemCount(series) - 1 && heights.containsKey(series)) {
      double x =
          domainAxis.valueToJava2D(data.getXValue(series, item), area, plot.getDomainAxisEdge());
      double y =
          rangeAxis.valueToJava2D(data.getYValue(series, item), area, plot.getRangeAxisEdge());
      drawEnd(graphics, series, x, y);
    }
  }

  private void drawEnd(Graphics2D graphics, int series, double x, double y) {
    if (growing.get(series)) {
      graphics.setPaint(getSeriesPaint(series));
      graphics.fill(new Ellipse2D.Double(x - DOT, y - DOT, 2 * DOT, 2 * DOT));
    }
    VeiledWords.draw(
        graphics,
        labels.get(series),
        x + 8,
        heights.get(series),
        bold.test(series),
        getSeriesPaint(series),
        background);
  }
}
