package org.espalier.ui.platform;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Every text of the window, from one bundle. */
public final class Messages {
  private final ResourceBundle bundle = ResourceBundle.getBundle("i18n.messages", Locale.ROOT);

  /** For FXML, whose {@code %key} attributes read it. */
  public ResourceBundle bundle() {
    return bundle;
  }

  /** A text; with arguments, a {@link MessageFormat} pattern. */
  public String text(String key, Object... arguments) {
    String pattern = bundle.getString(key);
    return arguments.length == 0
        ? pattern
        : new MessageFormat(pattern, Locale.ENGLISH).format(arguments);
  }
}
