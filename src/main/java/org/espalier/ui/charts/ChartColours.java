package org.espalier.ui.charts;

import javafx.scene.paint.Color;

/**
 * Colours of charts in one theme. Runs take theirs from a cycle that common colour vision
 * deficiencies keep apart.
 *
 * @param background behind the plot
 * @param text words and figures
 * @param quiet axes and notes
 * @param grid lines behind the curves
 * @param dense the dense model
 * @param draft the draft's mark
 * @param cycle one after another for runs
 */
public record ChartColours(
    java.awt.Color background,
    java.awt.Color text,
    java.awt.Color quiet,
    java.awt.Color grid,
    java.awt.Color dense,
    java.awt.Color draft,
    java.util.List<java.awt.Color> cycle) {
  private static final ChartColours LIGHT =
      new ChartColours(
          rgb(0xffffff),
          rgb(0x1f2624),
          rgb(0x5f6a66),
          rgb(0xe6e8e5),
          rgb(0x7f8885),
          rgb(0xffffff),
          java.util.List.of(
              rgb(0x2d6e50), rgb(0xb8532a), rgb(0x4762b8), rgb(0xa8832a), rgb(0x8a4a8f)));
  private static final ChartColours DARK =
      new ChartColours(
          rgb(0x1c2123),
          rgb(0xe8ecea),
          rgb(0x9aa5a1),
          rgb(0x2f3639),
          rgb(0x8f9996),
          rgb(0x1c2123),
          java.util.List.of(
              rgb(0x5fb78e), rgb(0xe08a5c), rgb(0x7f9be6), rgb(0xd3b25a), rgb(0xc58acb)));

  /** The colours of the light or of the dark theme. */
  public static ChartColours of(boolean dark) {
    return dark ? DARK : LIGHT;
  }

  /** Of a run by its place in the list; -1 is the dense model, -2 the draft. */
  public java.awt.Color colour(int place) {
    return place == -2 ? draft : place < 0 ? dense : cycle.get(place % cycle.size());
  }

  /** As {@link #colour}, for scene graphs. */
  public Color paint(int place) {
    java.awt.Color colour = colour(place);
    return Color.rgb(colour.getRed(), colour.getGreen(), colour.getBlue());
  }

  private static java.awt.Color rgb(int value) {
    return new java.awt.Color(value);
  }
}
