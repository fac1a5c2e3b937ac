package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.util.Arrays;
import java.util.List;
import org.espalier.report.Typeface;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.CombinedDomainCategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;

/**
 * How all charts look.
 *
 * @param dense what stands for the dense model
 * @param runs one for each pruned run, in order; told apart by lightness, too
 */
public record ChartStyle(
    Color background, Color text, Color quiet, Color grid, Color dense, List<Color> runs) {
  public static final ChartStyle LIGHT =
      new ChartStyle(
          new Color(0xffffff),
          new Color(0x1f2624),
          new Color(0x5f6a66),
          new Color(0xe2e4e1),
          new Color(0x7d8682),
          colours(0x2d6e50, 0xb8532a, 0x4a5fb5, 0xa67c14, 0x8a3f86, 0x1b7f9c));
  public static final ChartStyle DARK =
      new ChartStyle(
          new Color(0x1c2123),
          new Color(0xe8ecea),
          new Color(0x9aa5a1),
          new Color(0x30373a),
          new Color(0x8d9793),
          colours(0x5fb78e, 0xe08a5c, 0x8c9df0, 0xd4ab45, 0xc987c5, 0x5fc0dd));

  /** Black on white; neighbours in the list of runs differ in lightness. */
  public static final ChartStyle HIGH_CONTRAST =
      new ChartStyle(
          new Color(0xffffff),
          new Color(0x000000),
          new Color(0x262626),
          new Color(0x9a9a9a),
          new Color(0x4a4a4a),
          colours(0x004d2e, 0xc8481a, 0x1c2f8f, 0x8a6100, 0x5c0a5c, 0x007d94));

  /** Room around numbers along an axis, so that there are few enough to be read at a glance. */
  private static final RectangleInsets BESIDE_TICKS = new RectangleInsets(2, 12, 2, 12);

  private static final RectangleInsets ABOVE_TICKS = new RectangleInsets(9, 4, 9, 4);

  public ChartStyle {
    runs = List.copyOf(runs);
  }

  private static List<Color> colours(int... rgb) {
    return Arrays.stream(rgb).mapToObj(Color::new).toList();
  }

  /** Colour of a run; they repeat after the last one. */
  public Color run(int index) {
    return runs.get(index % runs.size());
  }

  static Font font(double size, boolean bold) {
    return Typeface.of(size, bold);
  }

  /** Dresses a chart and its axes; renderers keep their own colours. */
  void dress(JFreeChart chart) {
    chart.setBackgroundPaint(background);
    chart.setPadding(new RectangleInsets(10, 12, 10, 16));
    chart.setBorderVisible(false);
    chart
        .getRenderingHints()
        .put(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    if (chart.getTitle() != null) {
      chart.getTitle().setFont(font(13, true));
      chart.getTitle().setPaint(text);
      chart.getTitle().setHorizontalAlignment(HorizontalAlignment.LEFT);
      chart.getTitle().setPadding(0, 0, 2, 0);
    }
    for (int i = 0; i < chart.getSubtitleCount(); i++) {
      if (chart.getSubtitle(i) instanceof TextTitle note) {
        note.setFont(font(10.5, false));
        note.setPaint(quiet);
        note.setHorizontalAlignment(HorizontalAlignment.LEFT);
        note.setTextAlignment(HorizontalAlignment.LEFT);
        note.setPadding(0, 0, 8, 0);
      }
    }
    dress(chart.getPlot());
  }

  private void dress(Plot plot) {
    plot.setBackgroundPaint(background);
    plot.setOutlineVisible(false);
    plot.setNoDataMessageFont(font(11, false));
    plot.setNoDataMessagePaint(quiet);
    if (plot instanceof XYPlot xy) {
      xy.setAxisOffset(RectangleInsets.ZERO_INSETS);
      xy.setDomainGridlinesVisible(false);
      xy.setRangeGridlinePaint(grid);
      xy.setRangeGridlineStroke(new BasicStroke(1));
      dress(xy.getDomainAxis());
      dress(xy.getRangeAxis());
      xy.getDomainAxis().setTickLabelInsets(BESIDE_TICKS);
      xy.getRangeAxis().setTickLabelInsets(ABOVE_TICKS);
    } else if (plot instanceof CategoryPlot category) {
      category.setAxisOffset(RectangleInsets.ZERO_INSETS);
      category.setRangeGridlinePaint(grid);
      category.setRangeGridlineStroke(new BasicStroke(1));
      if (category.getDomainAxis() != null) {
        dress(category.getDomainAxis());
      }
      if (category.getRangeAxis() != null) {
        dress(category.getRangeAxis());
        category
            .getRangeAxis()
            .setTickLabelInsets(
                category.getOrientation() == PlotOrientation.VERTICAL ? ABOVE_TICKS : BESIDE_TICKS);
      }
      if (category instanceof CombinedDomainCategoryPlot combined) {
        for (Object part : combined.getSubplots()) {
          dress((CategoryPlot) part);
        }
      }
    }
  }

  /** Flat bars with their labels behind their ends. */
  void dress(BarRenderer renderer) {
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(false);
    renderer.setMaximumBarWidth(0.25);
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultItemLabelFont(font(10.5, false));
    renderer.setDefaultItemLabelPaint(text);
    renderer.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
    renderer.setItemLabelInsets(new RectangleInsets(4, 4, 4, 4));
  }

  private void dress(Axis axis) {
    axis.setLabelFont(font(10.5, false));
    axis.setLabelPaint(quiet);
    axis.setTickLabelFont(font(10.5, false));
    axis.setTickLabelPaint(quiet);
    axis.setAxisLinePaint(grid);
    axis.setTickMarkPaint(grid);
  }
}
