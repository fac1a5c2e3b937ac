package org.espalier.ui;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.SnapshotParameters;
import javafx.scene.paint.Color;
import javafx.stage.Window;
import javax.imageio.ImageIO;
import org.testfx.util.WaitForAsyncUtils;

/** Pictures of every open window, for people to look at. */
final class Screenshots {
  private static final Path FOLDER = Path.of("target", "screenshots");

  private Screenshots() {}

  private static BufferedImage popup(Window window) {
    SnapshotParameters transparent = new SnapshotParameters();
    transparent.setFill(Color.TRANSPARENT);
    return SwingFXUtils.fromFXImage(window.getScene().getRoot().snapshot(transparent, null), null);
  }

  /** Waits until nothing is left to lay out, then takes the window and every popup over it. */
  static void take(Window main, String name) {
    WaitForAsyncUtils.waitForFxEvents();
    BufferedImage picture =
        WaitForAsyncUtils.waitForAsyncFx(
            20_000, () -> SwingFXUtils.fromFXImage(main.getScene().snapshot(null), null));
    WaitForAsyncUtils.waitForAsyncFx(
        20_000,
        () -> {
          for (Window window : Window.getWindows()) {
            if (window != main && window.isShowing()) {
              picture
                  .getGraphics()
                  .drawImage(
                      popup(window),
                      (int) (window.getX() - main.getX()),
                      (int) (window.getY() - main.getY()),
                      null);
            }
          }
          return null;
        });
    try {
      Files.createDirectories(FOLDER);
      ImageIO.write(picture, "png", FOLDER.resolve(name + ".png").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
