package org.espalier.report.chart;

import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.ui.RectangleEdge;

/** A horizontal axis that leaves room behind its last value, for labels at the ends of lines. */
final class EndRoomAxis extends NumberAxis {
  private static final double MOST_OF_THE_WIDTH = 0.6;

  private final double room;
  private final double most;

  /**
   * An axis with room at its right end.
   *
   * @param room in logical pixels
   */
  EndRoomAxis(String label, double room) {
    this(label, room, MOST_OF_THE_WIDTH);
  }

  /**
   * An axis with room at its right end.
   *
   * @param room in logical pixels
   * @param most share of the width that the room may take
   */
  EndRoomAxis(String label, double room, double most) {
    super(label);
    this.room = room;
    this.most = most;
  }

  @Override
  public double valueToJava2D(double value, Rectangle2D area, RectangleEdge edge) {
    return super.valueToJava2D(value, narrowed(area), edge);
  }

  @Override
  public double java2DToValue(double java2DValue, Rectangle2D area, RectangleEdge edge) {
    return super.java2DToValue(java2DValue, narrowed(area), edge);
  }

  private Rectangle2D narrowed(Rectangle2D area) {
    double width = area.getWidth() - Math.min(room, most * area.getWidth());
    return new Rectangle2D.Double(area.getX(), area.getY(), width, area.getHeight());
  }
}
