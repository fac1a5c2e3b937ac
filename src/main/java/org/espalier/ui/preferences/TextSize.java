package org.espalier.ui.preferences;

import java.util.Locale;

/** How large the window's words are; a style sheet over the common one. */
public enum TextSize {
  SMALL(12),
  NORMAL(13),
  LARGE(15);

  private final int pixels;

  TextSize(int pixels) {
    this.pixels = pixels;
  }

  /** Class-path address of its style sheet. */
  public String styleSheet() {
    return "/css/text-" + name().toLowerCase(Locale.ROOT) + ".css";
  }

  /** Against the normal size, for what is drawn rather than laid out. */
  public double scale() {
    return pixels / (double) NORMAL.pixels;
  }
}
