package org.espalier.ui.heatmap;

import java.util.HashMap;
import java.util.Map;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.FillRule;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;
import org.espalier.report.heatmap.Lettering;
import org.espalier.report.heatmap.SubLayerState;
import org.espalier.ui.platform.Fonts;
import org.espalier.ui.platform.Icon;

/** Sets words and marks onto a canvas, moved down by an offset. */
final class CanvasLettering implements Lettering {
  private static final double GRID = 16;

  private record Face(double size, boolean bold) {}

  private record Words(String text, Face face) {}

  private static final Map<Face, Font> FONTS = new HashMap<>();
  private static final Map<Words, Double> WIDTHS = new HashMap<>();
  private static final int WIDTHS_AT_MOST = 500;

  private final GraphicsContext graphics;
  private final double down;
  private final double scale;

  /**
   * @param scale of words, against the sizes that are asked for
   */
  CanvasLettering(GraphicsContext graphics, double down, double scale) {
    this.graphics = graphics;
    this.down = down;
    this.scale = scale;
    graphics.setTextBaseline(VPos.CENTER);
    graphics.setFillRule(FillRule.EVEN_ODD);
  }

  @Override
  public void set(
      String words, double x, double middle, Anchor anchor, double size, boolean bold, int colour) {
    graphics.setFont(font(new Face(size * scale, bold)));
    graphics.setFill(colour(colour));
    graphics.setTextAlign(
        switch (anchor) {
          case LEFT -> TextAlignment.LEFT;
          case MIDDLE -> TextAlignment.CENTER;
          case RIGHT -> TextAlignment.RIGHT;
        });
    graphics.fillText(words, x, middle + down);
  }

  @Override
  public double width(String words, double size, boolean bold) {
    if (WIDTHS.size() > WIDTHS_AT_MOST) {
      WIDTHS.clear();
    }
    return WIDTHS.computeIfAbsent(
        new Words(words, new Face(size * scale, bold)),
        asked -> {
          Text text = new Text(asked.text());
          text.setFont(font(asked.face()));
          return text.getLayoutBounds().getWidth();
        });
  }

  @Override
  public void mark(SubLayerState state, double x, double y, double size, int colour) {
    graphics.save();
    graphics.translate(x - size / 2, y + down - size / 2);
    graphics.scale(size / GRID, size / GRID);
    graphics.setFill(colour(colour));
    graphics.beginPath();
    graphics.appendSVGPath(icon(state).path());
    graphics.fill();
    graphics.restore();
  }

  @Override
  public void ground(double left, double top, double width, double height, int colour) {
    graphics.setFill(colour(colour));
    graphics.fillRect(left, top + down, width, height);
  }

  /** The mark's picture, for menus and legends, too. */
  static Icon icon(SubLayerState state) {
    return switch (state) {
      case FREE -> Icon.UNLOCKED;
      case CONSTRAINED -> Icon.LIMIT;
      case HAND_SET -> Icon.HAND;
      case LOCKED -> Icon.LOCKED;
    };
  }

  private static Font font(Face face) {
    return FONTS.computeIfAbsent(face, asked -> Fonts.of(asked.size(), asked.bold()));
  }

  private static Color colour(int argb) {
    return Color.rgb(argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff);
  }
}
