package org.espalier.report.heatmap;

/**
 * What the painter paints on: pixels for the window, Java2D for files. Coordinates are logical
 * pixels; neighbouring fills meet without a gap or an overlap.
 */
public interface Surface {
  /** Fills a rectangle with an opaque ARGB colour. */
  void fill(double left, double top, double width, double height, int colour);

  /**
   * Draws slanting lines over a rectangle. Lines of neighbouring rectangles continue each other.
   */
  void hatch(double left, double top, double width, double height, int colour);
}
