package org.espalier.ui.preferences;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Asks the desktop for the theme it has. The toolkit cannot tell before its version 22, so the
 * desktop's own command is asked: {@code gsettings}, {@code defaults} or {@code reg}.
 */
public final class SystemTheme {
  private static final int PATIENCE_SECONDS = 3;

  private SystemTheme() {}

  /** The desktop's theme, light where it does not say; waits for another program. */
  public static Theme read() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return of("", answer("defaults", "read", "-g", "AppleInterfaceStyle"));
    }
    if (system.startsWith("windows")) {
      String key = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize";
      return of("", answer("reg", "query", key, "/v", "AppsUseLightTheme"));
    }
    String interfaces = "org.gnome.desktop.interface";
    return of(
        answer("gsettings", "get", interfaces, "gtk-theme"),
        answer("gsettings", "get", interfaces, "color-scheme"));
  }

  /**
   * What the answers mean.
   *
   * @param widgets name of the desktop's own theme, which is how Linux asks for high contrast
   * @param scheme light or dark in the desktop's words
   */
  static Theme of(String widgets, String scheme) {
    String name = widgets.toLowerCase(Locale.ROOT);
    String words = scheme.toLowerCase(Locale.ROOT);
    if (name.contains("highcontrast")) {
      return Theme.CONTRAST;
    }
    boolean dark = words.contains("dark") || words.contains("0x0") || name.endsWith("dark'");
    return dark ? Theme.DARK : Theme.LIGHT;
  }

  private static String answer(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
        return "";
      }
      String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? words.strip() : "";
    } catch (IOException e) {
      return ""; // A desktop without this command.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
