package org.espalier.report;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The one typeface of window, charts and pictures: IBM Plex Sans, which comes with the program. Its
 * digits are all equally wide, so that figures do not move while they change; neither toolkit could
 * ask another font for such digits.
 */
public final class Typeface {
  /** Name of the family under which both toolkits know it. */
  public static final String FAMILY = "IBM Plex Sans";

  private static final List<String> FILES =
      List.of("/fonts/IBMPlexSans-Regular.ttf", "/fonts/IBMPlexSans-Bold.ttf");

  static {
    for (String file : FILES) {
      try (InputStream in = open(file)) {
        GraphicsEnvironment.getLocalGraphicsEnvironment()
            .registerFont(Font.createFont(Font.TRUETYPE_FONT, in));
      } catch (IOException e) {
        throw new UncheckedIOException("the program's own font " + file + " cannot be read", e);
      } catch (FontFormatException e) {
        throw new IllegalStateException("the program's own font " + file + " is damaged", e);
      }
    }
  }

  private Typeface() {}

  /** Class-path addresses of its files. */
  public static List<String> files() {
    return FILES;
  }

  /** Opens one of its files. */
  public static InputStream open(String file) {
    return Typeface.class.getResourceAsStream(file);
  }

  /**
   * The typeface for pictures.
   *
   * @param size in logical pixels
   */
  public static Font of(double size, boolean bold) {
    return new Font(FAMILY, bold ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) size);
  }
}
