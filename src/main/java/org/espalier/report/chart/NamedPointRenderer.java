package org.espalier.report.chart;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.data.xy.XYDataset;

/**
 * Models as circles, the area their size, with their names beside them. Names of the front find
 * their places first; where there is no room for all, names of others are left out.
 */
final class NamedPointRenderer extends AbstractXYItemRenderer {
  private static final double LARGEST = 13;
  private static final double SMALLEST = 3;
  private static final double FAR = 9;

  private final transient List<ParetoPoint> points;
  private final transient List<Boolean> front;
  private final transient ChartStyle style;
  private final transient List<Shape> marks = new ArrayList<>();
  private final transient Map<Integer, Rectangle2D> names = new HashMap<>();

  /**
   * One circle for each point.
   *
   * @param front which points are filled and have bold names
   */
  NamedPointRenderer(List<ParetoPoint> points, List<Boolean> front, ChartStyle style) {
    this.points = points;
    this.front = front;
    this.style = style;
  }

  @Override
  public XYItemRendererState initialise(
      Graphics2D graphics, Rectangle2D area, XYPlot plot, XYDataset data, PlotRenderingInfo info) {
    marks.clear();
    names.clear();
    double largest = points.stream().mapToDouble(ParetoPoint::bytes).max().orElse(1);
    for (int i = 0; i < points.size(); i++) {
      double radius = Math.max(SMALLEST, LARGEST * Math.sqrt(points.get(i).bytes() / largest));
      double x =
          plot.getDomainAxis().valueToJava2D(data.getXValue(0, i), area, plot.getDomainAxisEdge());
      double y =
          plot.getRangeAxis().valueToJava2D(data.getYValue(0, i), area, plot.getRangeAxisEdge());
      marks.add(
          AffineTransform.getTranslateInstance(x, y)
              .createTransformedShape(
                  new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius)));
    }
    FreePlaces places = new FreePlaces(area, marks.stream().map(Shape::getBounds2D).toList());
    for (boolean best : new boolean[] {true, false}) {
      IntStream.range(0, points.size())
          .filter(i -> front.get(i) == best)
          .forEach(
              i ->
                  places
                      .beside(
                          marks.get(i).getBounds2D(),
                          VeiledWords.width(points.get(i).name(), best),
                          VeiledWords.LINE)
                      .ifPresent(place -> names.put(i, place)));
    }
    return super.initialise(graphics, area, plot, data, info);
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
    Shape mark = marks.get(item);
    graphics.setPaint(points.get(item).colour());
    graphics.setStroke(new BasicStroke(2));
    if (front.get(item)) {
      graphics.fill(mark);
    } else {
      graphics.draw(mark);
    }
    if (names.containsKey(item)) {
      drawName(graphics, item, mark.getBounds2D(), names.get(item));
    }
  }

  /** With a line to the mark where the name had to go far from it. */
  private void drawName(Graphics2D graphics, int item, Rectangle2D mark, Rectangle2D place) {
    double x = Math.max(place.getMinX(), Math.min(place.getMaxX(), mark.getCenterX()));
    double y = Math.max(place.getMinY(), Math.min(place.getMaxY(), mark.getCenterY()));
    double radius = mark.getWidth() / 2;
    double distance = Math.hypot(x - mark.getCenterX(), y - mark.getCenterY());
    if (distance > radius + FAR) {
      double share = (radius + 1) / distance;
      graphics.setPaint(points.get(item).colour());
      graphics.setStroke(new BasicStroke(0.8f));
      graphics.draw(
          new Line2D.Double(
              mark.getCenterX() + share * (x - mark.getCenterX()),
              mark.getCenterY() + share * (y - mark.getCenterY()),
              x,
              y));
    }
    VeiledWords.draw(
        graphics,
        points.get(item).name(),
        place.getMinX(),
        place.getCenterY(),
        front.get(item),
        front.get(item) ? style.text() : style.quiet(),
        style.background());
  }
}
