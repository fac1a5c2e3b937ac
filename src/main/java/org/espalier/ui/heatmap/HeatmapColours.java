package org.espalier.ui.heatmap;

import javafx.scene.paint.Color;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.ui.preferences.Theme;

/** A palette, with the colours of the words over the picture as the toolkit's own. */
record HeatmapColours(
    EspalierPalette palette, Color text, Color quiet, Color faint, Color accent, Color cut) {
  static final HeatmapColours LIGHT = of(EspalierPalette.LIGHT);
  static final HeatmapColours DARK = of(EspalierPalette.DARK);
  static final HeatmapColours CONTRAST = of(EspalierPalette.HIGH_CONTRAST);

  static HeatmapColours of(Theme theme) {
    return switch (theme) {
      case LIGHT -> LIGHT;
      case DARK -> DARK;
      case CONTRAST -> CONTRAST;
    };
  }

  private static HeatmapColours of(EspalierPalette palette) {
    return new HeatmapColours(
        palette,
        colour(palette.text()),
        colour(palette.quiet()),
        colour(palette.faint()),
        colour(palette.bar()),
        colour(palette.cut()));
  }

  private static Color colour(int argb) {
    return Color.rgb(argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff);
  }
}
