package org.espalier.ui.heatmap;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import org.espalier.report.heatmap.PixelSurface;

/** An image whose pixels are painted anew, in device pixels. */
final class PixelLayer {
  private final ImageView view = new ImageView();
  private int width;
  private int height;
  private int[] argb = {};
  private PixelBuffer<IntBuffer> buffer;

  PixelLayer() {
    view.setManaged(false);
    view.setMouseTransparent(true);
  }

  ImageView node() {
    return view;
  }

  void clear() {
    view.setImage(null);
    width = 0;
  }

  /**
   * Paints.
   *
   * @param wide in logical pixels
   * @param high in logical pixels
   * @param background opaque ARGB
   */
  void paint(double wide, double high, int background, Consumer<PixelSurface> painting) {
    double scale = scale();
    int pixelsWide = (int) Math.ceil(wide * scale);
    int pixelsHigh = (int) Math.ceil(high * scale);
    if (pixelsWide != width || pixelsHigh != height) {
      width = pixelsWide;
      height = pixelsHigh;
      argb = new int[width * height];
      buffer =
          new PixelBuffer<>(
              width, height, IntBuffer.wrap(argb), PixelFormat.getIntArgbPreInstance());
      view.setImage(new WritableImage(buffer));
    }
    view.setFitWidth(wide);
    view.setFitHeight(high);
    Arrays.fill(argb, background);
    painting.accept(new PixelSurface(scale, width, height, argb));
    buffer.updateBuffer(whole -> null);
  }

  /** Device pixels of a logical one. */
  private double scale() {
    return view.getScene() == null || view.getScene().getWindow() == null
        ? 1
        : view.getScene().getWindow().getOutputScaleX();
  }
}
