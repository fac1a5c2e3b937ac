package org.espalier.report.chart;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Marks that stay apart where colours repeat. */
final class SeriesShapes {
  private static final int KINDS = 3;

  private SeriesShapes() {}

  /**
   * A mark around the origin: circles for the first round of colours, then squares, then diamonds.
   *
   * @param radius in logical pixels; all kinds cover about the same area
   */
  static Shape of(int round, double radius) {
    double half = radius * Math.sqrt(Math.PI) / 2;
    return switch (round % KINDS) {
      case 0 -> new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
      case 1 -> new Rectangle2D.Double(-half, -half, 2 * half, 2 * half);
      default -> diamond(half * Math.sqrt(2));
    };
  }

  private static Shape diamond(double reach) {
    Path2D path = new Path2D.Double();
    path.moveTo(0, -reach);
    path.lineTo(reach, 0);
    path.lineTo(0, reach);
    path.lineTo(-reach, 0);
    path.closePath();
    return path;
  }
}
