package org.espalier.report.heatmap;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Java2D, for picture files of every kind. Edges stand on whole logical pixels. */
final class GraphicsSurface implements Surface {
  private static final int HATCH_EVERY = 5;

  private final Graphics2D graphics;

  GraphicsSurface(Graphics2D graphics) {
    this.graphics = graphics;
  }

  @Override
  public void fill(double left, double top, double width, double height, int colour) {
    double x = Math.rint(left);
    double y = Math.rint(top);
    double wide = Math.rint(left + width) - x;
    double high = Math.rint(top + height) - y;
    if (wide > 0 && high > 0) {
      graphics.setRenderingHint(
          RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
      graphics.setColor(new Color(colour));
      graphics.fill(new Rectangle2D.Double(x, y, wide, high));
    }
  }

  @Override
  public void hatch(double left, double top, double width, double height, int colour) {
    double x = Math.rint(left);
    double y = Math.rint(top);
    double right = Math.rint(left + width);
    double bottom = Math.rint(top + height);
    if (right <= x || bottom <= y) {
      return;
    }
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(new Color(colour));
    graphics.setStroke(new BasicStroke(0.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    // Lines x + y = c, cut to the rectangle by hand, because clips bloat vector files.
    double first = Math.ceil((x + y) / HATCH_EVERY) * HATCH_EVERY;
    for (double sum = first; sum < right + bottom; sum += HATCH_EVERY) {
      double upperX = Math.min(right, sum - y);
      double lowerX = Math.max(x, sum - bottom);
      if (upperX > lowerX) {
        graphics.draw(new Line2D.Double(upperX, sum - upperX, lowerX, sum - lowerX));
      }
    }
  }
}
