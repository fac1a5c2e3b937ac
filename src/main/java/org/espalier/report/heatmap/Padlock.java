package org.espalier.report.heatmap;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;

/**
 * Draws what a sub-layer's hold looks like: an open or closed padlock, or a diamond if hand-set.
 */
final class Padlock {
  private Padlock() {}

  /** Draws a padlock into a square of {@code size} around a point. */
  static void draw(Graphics2D graphics, double x, double y, double size, boolean closed) {
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

  /** Draws a diamond into a square of {@code size} around a point. */
  static void drawHandSet(Graphics2D graphics, double x, double y, double size) {
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
