package org.espalier.report.heatmap;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/**
 * Draws a sub-layer's state: an open padlock if free, a closed one if locked, a diamond if hand-set
 * and a stop, a line against a wall, where the method holds it.
 */
final class StateMark {
  private StateMark() {}

  /** Draws a mark into a square of {@code size} around a point. */
  static void draw(Graphics2D graphics, SubLayerState state, double x, double y, double size) {
    switch (state) {
      case FREE -> padlock(graphics, x, y, size, false);
      case LOCKED -> padlock(graphics, x, y, size, true);
      case HAND_SET -> diamond(graphics, x, y, size);
      case CONSTRAINED -> stop(graphics, x, y, size);
    }
  }

  private static void padlock(
      Graphics2D graphics, double x, double y, double size, boolean closed) {
    double unit = size / 12;
    double lift = closed ? 0 : -2 * unit;
    Path2D shackle = new Path2D.Double();
    shackle.moveTo(x - 2.6 * unit, y - (closed ? 0 : 3) * unit);
    shackle.lineTo(x - 2.6 * unit, y - 2.2 * unit + lift);
    shackle.curveTo(
        x - 2.6 * unit,
        y - 5.8 * unit + lift,
        x + 2.6 * unit,
        y - 5.8 * unit + lift,
        x + 2.6 * unit,
        y - 2.2 * unit + lift);
    shackle.lineTo(x + 2.6 * unit, y);
    graphics.setStroke(
        new BasicStroke((float) (1.5 * unit), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    graphics.draw(shackle);
    graphics.fill(
        new RoundRectangle2D.Double(
            x - 4.2 * unit, y - 0.8 * unit, 8.4 * unit, 6.2 * unit, 1.6 * unit, 1.6 * unit));
  }

  private static void stop(Graphics2D graphics, double x, double y, double size) {
    double unit = size / 12;
    graphics.fill(new Rectangle2D.Double(x - 4.4 * unit, y - 4.4 * unit, 1.8 * unit, 8.8 * unit));
    Path2D arrow = new Path2D.Double();
    arrow.moveTo(x - 1.8 * unit, y);
    arrow.lineTo(x + 1.6 * unit, y - 3.4 * unit);
    arrow.lineTo(x + 1.6 * unit, y - 0.9 * unit);
    arrow.lineTo(x + 4.8 * unit, y - 0.9 * unit);
    arrow.lineTo(x + 4.8 * unit, y + 0.9 * unit);
    arrow.lineTo(x + 1.6 * unit, y + 0.9 * unit);
    arrow.lineTo(x + 1.6 * unit, y + 3.4 * unit);
    arrow.closePath();
    graphics.fill(arrow);
  }

  private static void diamond(Graphics2D graphics, double x, double y, double size) {
    double half = size * 0.38;
    Path2D diamond = new Path2D.Double();
    diamond.moveTo(x, y - half);
    diamond.lineTo(x + half, y);
    diamond.lineTo(x, y + half);
    diamond.lineTo(x - half, y);
    diamond.closePath();
    graphics.fill(diamond);
  }
}
