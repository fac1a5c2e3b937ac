package org.espalier.workspace;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where runs live when the user names no other place: the data folder of the operating system. */
public final class WorkspaceFolder {
  private WorkspaceFolder() {}

  /** The folder for this user on this system; it need not exist. */
  public static Path standard() {
    return standard(
        System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
  }

  /**
   * The folder for any system: {@code $XDG_DATA_HOME/espalier} or {@code ~/.local/share/espalier},
   * {@code ~/Library/Application Support/Espalier}, {@code %LOCALAPPDATA%\Espalier}.
   *
   * @param system as in the system property {@code os.name}
   */
  static Path standard(String system, Path home, Map<String, String> environment) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return home.resolve("Library").resolve("Application Support").resolve("Espalier");
    }
    if (name.startsWith("windows")) {
      String local = environment.getOrDefault("LOCALAPPDATA", "");
      Path base = local.isBlank() ? home.resolve("AppData").resolve("Local") : Path.of(local);
      return base.resolve("Espalier");
    }
    // The XDG base directory rules say that a relative value is to be ignored.
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    Path base =
        data.isBlank() || !Path.of(data).isAbsolute()
            ? home.resolve(".local").resolve("share")
            : Path.of(data);
    return base.resolve("espalier");
  }
}
