package org.espalier.ui.heatmap;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.scene.paint.Color;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.Theme;

/** A palette, with the colours of the words over the picture as the toolkit's own. */
public record HeatmapColours(
    EspalierPalette palette, Color text, Color quiet, Color faint, Color accent, Color cut) {
  static final HeatmapColours LIGHT = of(EspalierPalette.LIGHT);

  /** What theme and colour map together come to; follows them. */
  public static ObjectBinding<HeatmapColours> of(PreferencesViewModel preferences) {
    return Bindings.createObjectBinding(
        () -> {
          EspalierPalette palette = palette(preferences.theme().get());
          return of(preferences.colourMap().get().map(palette::with).orElse(palette));
        },
        preferences.theme(),
        preferences.colourMap());
  }

  private static EspalierPalette palette(Theme theme) {
    return switch (theme) {
      case LIGHT -> EspalierPalette.LIGHT;
      case DARK -> EspalierPalette.DARK;
      case CONTRAST -> EspalierPalette.HIGH_CONTRAST;
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
