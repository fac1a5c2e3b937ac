package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.CategoryItemRendererState;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/**
 * Tasks as groups of bars with their standard errors, the dense model's level as a line across each
 * group. A triangle at the foot of a bar says that its difference to the dense model is real.
 */
public final class TaskChart {
  private TaskChart() {}

  /**
   * A chart of at least one bar.
   *
   * @param title also the figure's
   * @param note what the bars show, in words
   * @param denseName of the line, in the legend
   */
  public static ChartFigure of(
      String title,
      String note,
      String denseName,
      List<TaskBar> bars,
      ChartStyle style,
      int width,
      int height) {
    Map<String, Color> models = new LinkedHashMap<>();
    bars.forEach(bar -> models.putIfAbsent(bar.model(), bar.colour()));
    DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
    for (String model : models.keySet()) {
      for (TaskBar bar : bars) {
        if (bar.model().equals(model)) {
          data.add(100 * bar.value().value(), 100 * bar.value().standardError(), model, bar.task());
        }
      }
    }
    CategoryAxis tasks = new CategoryAxis();
    tasks.setCategoryMargin(0.22);
    tasks.setLowerMargin(0.03);
    tasks.setUpperMargin(0.03);
    NumberAxis share = new NumberAxis("percent right");
    share.setRange(0, top(bars));
    Bars renderer = new Bars(bars, style);
    CategoryPlot plot = new CategoryPlot(data, tasks, share, renderer);
    LegendItemCollection legend = new LegendItemCollection();
    int series = 0;
    for (Map.Entry<String, Color> model : models.entrySet()) {
      renderer.setSeriesPaint(series++, model.getValue());
      legend.add(new LegendItem(model.getKey(), model.getValue()));
    }
    if (bars.stream().anyMatch(bar -> bar.dense().isPresent())) {
      legend.add(
          new LegendItem(
              denseName,
              null,
              null,
              null,
              new Line2D.Double(-7, 0, 7, 0),
              new BasicStroke(2),
              style.text()));
    }
    plot.setFixedLegendItems(legend);
    JFreeChart chart = new JFreeChart(title, ChartStyle.font(13, true), plot, true);
    chart.addSubtitle(new TextTitle(note));
    style.dress(chart);
    chart.getLegend().setItemFont(ChartStyle.font(11, false));
    chart.getLegend().setItemPaint(style.text());
    chart.getLegend().setBackgroundPaint(style.background());
    chart.getLegend().setFrame(BlockBorder.NONE);
    tasks.setTickLabelPaint(style.text());
    tasks.setTickLabelFont(ChartStyle.font(11, true));
    tasks.setTickMarksVisible(false);
    tasks.setMaximumCategoryLabelLines(2);
    tasks.setCategoryLabelPositions(CategoryLabelPositions.STANDARD);
    return new ChartFigure(title, chart, table(bars), width, height);
  }

  private static double top(List<TaskBar> bars) {
    double highest =
        bars.stream()
            .mapToDouble(
                bar ->
                    100
                        * Math.max(
                            bar.value().value() + bar.value().standardError(),
                            bar.dense().map(Metric::value).orElse(0.0)))
            .max()
            .orElse(100);
    return Math.min(100, 10 * Math.ceil((highest + 2) / 10));
  }

  private static Table table(List<TaskBar> bars) {
    List<List<String>> rows = new ArrayList<>();
    for (TaskBar bar : bars) {
      rows.add(
          List.of(
              bar.task(),
              bar.model(),
              bar.value().name(),
              Double.toString(bar.value().value()),
              Double.toString(bar.value().standardError()),
              bar.dense().map(dense -> Double.toString(dense.value())).orElse(""),
              bar.difference().map(paired -> Double.toString(paired.difference())).orElse(""),
              bar.difference().map(paired -> Double.toString(paired.low())).orElse(""),
              bar.difference().map(paired -> Double.toString(paired.high())).orElse(""),
              bar.difference().map(paired -> Double.toString(paired.probability())).orElse("")));
    }
    return new Table(
        List.of(
            "task",
            "model",
            "metric",
            "value",
            "standardError",
            "dense",
            "difference",
            "differenceLow",
            "differenceHigh",
            "mcnemarProbability"),
        rows);
  }

  /** Bars with whiskers, verdicts at their feet and the dense model's level across each group. */
  private static final class Bars extends StatisticalBarRenderer {
    private static final double TRIANGLE = 7;

    private final transient List<TaskBar> bars;
    private final transient ChartStyle style;

    Bars(List<TaskBar> bars, ChartStyle style) {
      this.bars = bars;
      this.style = style;
      setBarPainter(new StandardBarPainter());
      setShadowVisible(false);
      setDrawBarOutline(false);
      setItemMargin(0.08);
      setMaximumBarWidth(0.07);
      setErrorIndicatorPaint(style.text());
      setErrorIndicatorStroke(new BasicStroke(1.2f));
    }

    private Optional<TaskBar> bar(CategoryDataset data, int row, int column) {
      return bars.stream()
          .filter(
              bar ->
                  bar.model().equals(data.getRowKey(row))
                      && bar.task().equals(data.getColumnKey(column)))
          .findFirst();
    }

    @Override
    public void drawItem(
        Graphics2D graphics,
        CategoryItemRendererState state,
        Rectangle2D area,
        CategoryPlot plot,
        CategoryAxis domainAxis,
        ValueAxis rangeAxis,
        CategoryDataset data,
        int row,
        int column,
        int pass) {
      super.drawItem(graphics, state, area, plot, domainAxis, rangeAxis, data, row, column, pass);
      bar(data, row, column)
          .flatMap(TaskBar::difference)
          .filter(PairedComparison::real)
          .ifPresent(
              paired -> {
                double left =
                    calculateBarW0(
                        plot, plot.getOrientation(), area, domainAxis, state, row, column);
                graphics.setPaint(style.background());
                graphics.fill(
                    triangle(
                        left + state.getBarWidth() / 2,
                        area.getMaxY() - TRIANGLE,
                        paired.difference() > 0));
              });
      if (row < data.getRowCount() - 1) {
        return;
      }
      bars.stream()
          .filter(bar -> bar.task().equals(data.getColumnKey(column)))
          .flatMap(bar -> bar.dense().stream())
          .findFirst()
          .ifPresent(
              dense -> {
                double y =
                    rangeAxis.valueToJava2D(100 * dense.value(), area, plot.getRangeAxisEdge());
                double start =
                    domainAxis.getCategoryStart(
                        column, data.getColumnCount(), area, plot.getDomainAxisEdge());
                double end =
                    domainAxis.getCategoryEnd(
                        column, data.getColumnCount(), area, plot.getDomainAxisEdge());
                graphics.setPaint(style.text());
                graphics.setStroke(new BasicStroke(2));
                graphics.draw(new Line2D.Double(start - 4, y, end + 4, y));
              });
    }

    /** Drawn, not set: fonts lack it. */
    private static Shape triangle(double middle, double y, boolean up) {
      double half = TRIANGLE / 2;
      double tip = up ? -half : half;
      Path2D path = new Path2D.Double();
      path.moveTo(middle, y + tip);
      path.lineTo(middle - half, y - tip);
      path.lineTo(middle + half, y - tip);
      path.closePath();
      return path;
    }
  }
}
