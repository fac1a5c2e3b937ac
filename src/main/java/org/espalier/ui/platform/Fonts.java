package org.espalier.ui.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import org.espalier.report.Typeface;

/** Makes the program's typeface known to the window's toolkit. */
public final class Fonts {
  private static boolean loaded;

  private Fonts() {}

  /** To be called before the first style sheet asks for the typeface; again it does nothing. */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    for (String file : Typeface.files()) {
      try (InputStream in = Typeface.open(file)) {
        if (Font.loadFont(in, -1) == null) {
          throw new IllegalStateException("the program's own font " + file + " is damaged");
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the program's own font " + file + " cannot be read", e);
      }
    }
    loaded = true;
  }

  /**
   * The typeface for what is drawn rather than laid out.
   *
   * @param size in logical pixels
   */
  public static Font of(double size, boolean bold) {
    return Font.font(Typeface.FAMILY, bold ? FontWeight.BOLD : FontWeight.NORMAL, size);
  }
}
