package org.espalier.report.heatmap;

/** What words and marks are drawn with: Java2D for files, the toolkit's canvas in the window. */
public interface Lettering {
  /** Which point of the words stands at the given x. */
  enum Anchor {
    LEFT,
    MIDDLE,
    RIGHT
  }

  /**
   * Sets words around the height of {@code middle}.
   *
   * @param colour opaque ARGB
   */
  void set(
      String words, double x, double middle, Anchor anchor, double size, boolean bold, int colour);

  /** Width of words in logical pixels. */
  double width(String words, double size, boolean bold);

  /** Draws a state's mark into a square of {@code size} around a point. */
  void mark(SubLayerState state, double x, double y, double size, int colour);

  /** Fills a rectangle, under words that stand on a busy ground. */
  void ground(double left, double top, double width, double height, int colour);
}
