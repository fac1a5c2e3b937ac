package org.espalier.ui.preferences;

import java.util.Locale;

/** How the window looks; a style sheet over the common one. */
public enum Theme {
  LIGHT,
  DARK,
  /** Black on white, heavy lines. */
  CONTRAST;

  /** Class-path address of its style sheet. */
  public String styleSheet() {
    return "/css/" + name().toLowerCase(Locale.ROOT) + ".css";
  }
}
