package org.espalier.report.heatmap;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.LineMetrics;
import org.espalier.report.Typeface;

/** Sets words into a picture with Java2D. */
final class GraphicsLettering implements Lettering {
  private final Graphics2D graphics;

  GraphicsLettering(Graphics2D graphics) {
    this.graphics = graphics;
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }

  @Override
  public void set(
      String words, double x, double middle, Anchor anchor, double size, boolean bold, int colour) {
    Font font = Typeface.of(size, bold);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setFont(font);
    graphics.setColor(new Color(colour));
    LineMetrics metrics = font.getLineMetrics("0", graphics.getFontRenderContext());
    double shift =
        switch (anchor) {
          case LEFT -> 0;
          case MIDDLE -> width(words, size, bold) / 2;
          case RIGHT -> width(words, size, bold);
        };
    // Digits and capitals are about 0.78 of the ascent high.
    graphics.drawString(words, (float) (x - shift), (float) (middle + metrics.getAscent() * 0.39));
  }

  @Override
  public double width(String words, double size, boolean bold) {
    return Typeface.of(size, bold)
        .getStringBounds(words, graphics.getFontRenderContext())
        .getWidth();
  }

  @Override
  public void mark(SubLayerState state, double x, double y, double size, int colour) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(new Color(colour));
    StateMark.draw(graphics, state, x, y, size);
  }

  @Override
  public void ground(double left, double top, double width, double height, int colour) {
    new GraphicsSurface(graphics).fill(left, top, width, height, colour);
  }
}
