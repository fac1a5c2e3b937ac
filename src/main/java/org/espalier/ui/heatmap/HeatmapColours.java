package org.espalier.ui.heatmap;

import javafx.scene.paint.Color;

/** The picture's colours for pixels and for the words over them; they follow the style sheets. */
public record HeatmapColours(
    EspalierPalette palette, Color text, Color quiet, Color faint, Color accent, Color cut) {
  public static final HeatmapColours LIGHT =
      new HeatmapColours(
          EspalierPalette.LIGHT,
          Color.web("#1f2624"),
          Color.web("#5f6a66"),
          Color.web("#b4bcb8"),
          Color.web("#2d6e50"),
          Color.web("#b8532a"));
  public static final HeatmapColours DARK =
      new HeatmapColours(
          EspalierPalette.DARK,
          Color.web("#e8ecea"),
          Color.web("#9aa5a1"),
          Color.web("#58635f"),
          Color.web("#5fb78e"),
          Color.web("#e08a5c"));
}
