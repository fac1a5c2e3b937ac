package org.espalier.report.heatmap;

import java.util.Arrays;

/** Plain pixels, fast enough for every frame. */
public final class PixelSurface implements Surface {
  private static final int HATCH_EVERY = 5;

  private final double scale;
  private final int width;
  private final int height;
  private final int[] pixels;

  /**
   * Paints into an array of pixels.
   *
   * @param scale device pixels of a logical pixel
   * @param width in device pixels
   * @param height in device pixels
   * @param pixels opaque ARGB, row by row, at least {@code width * height}
   */
  public PixelSurface(double scale, int width, int height, int[] pixels) {
    if (pixels.length < (long) width * height) {
      throw new IllegalArgumentException(
          width + " x " + height + " pixels do not fit into " + pixels.length);
    }
    this.scale = scale;
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  @Override
  public void fill(double left, double top, double wide, double high, int colour) {
    int firstX = pixel(left, width);
    int lastX = pixel(left + wide, width);
    int lastY = pixel(top + high, height);
    for (int y = pixel(top, height); y < lastY && firstX < lastX; y++) {
      Arrays.fill(pixels, y * width + firstX, y * width + lastX, colour);
    }
  }

  @Override
  public void hatch(double left, double top, double wide, double high, int colour) {
    int period = Math.max(3, (int) Math.round(HATCH_EVERY * scale));
    int thickness = Math.max(1, (int) Math.round(scale));
    int firstX = pixel(left, width);
    int lastX = pixel(left + wide, width);
    int lastY = pixel(top + high, height);
    for (int y = pixel(top, height); y < lastY; y++) {
      for (int line = 0; line < thickness; line++) {
        int x = firstX + Math.floorMod(line - firstX - y, period);
        for (; x < lastX; x += period) {
          pixels[y * width + x] = colour;
        }
      }
    }
  }

  private int pixel(double logical, int limit) {
    return Math.max(0, Math.min(limit, (int) Math.round(logical * scale)));
  }
}
