package org.espalier.report.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;

/** Names inside a chart, on a veil of its background, so that lines behind them do not disturb. */
final class VeiledWords {
  /** From one line of words to the next. */
  static final double LINE = 14;

  private static final double SIZE = 11;

  private VeiledWords() {}

  /** Logical pixels that words take. */
  static double width(String words, boolean bold) {
    FontRenderContext context = new FontRenderContext(null, true, true);
    return ChartStyle.font(SIZE, bold).getStringBounds(words, context).getWidth();
  }

  /**
   * Draws words.
   *
   * @param middle of the line, from the top
   */
  static void draw(
      Graphics2D graphics,
      String words,
      double left,
      double middle,
      boolean bold,
      Paint paint,
      Color background) {
    Font font = ChartStyle.font(SIZE, bold);
    graphics.setPaint(
        new Color(background.getRed(), background.getGreen(), background.getBlue(), 210));
    graphics.fill(new Rectangle2D.Double(left - 2, middle - 6, width(words, bold) + 4, LINE - 1));
    graphics.setPaint(paint);
    graphics.setFont(font);
    graphics.drawString(words, (float) left, (float) (middle + 4));
  }
}
