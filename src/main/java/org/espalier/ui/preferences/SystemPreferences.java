package org.espalier.ui.preferences;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.prefs.Preferences;

/** Kept in the system's own place for a user's settings. */
public final class SystemPreferences implements UserPreferences {
  private static final String THEME = "theme";
  private static final String DEVICE = "device";
  private static final String RECENT = "recent";

  private final Preferences node;

  public SystemPreferences() {
    this(Preferences.userRoot().node("org/espalier"));
  }

  SystemPreferences(Preferences node) {
    this.node = node;
  }

  @Override
  public Theme theme() {
    String name = node.get(THEME, "");
    return Arrays.stream(Theme.values())
        .filter(theme -> theme.name().equals(name))
        .findFirst()
        .orElse(Theme.LIGHT);
  }

  @Override
  public void setTheme(Theme theme) {
    node.put(THEME, theme.name());
  }

  @Override
  public String device() {
    return node.get(DEVICE, "cpu");
  }

  @Override
  public void setDevice(String device) {
    node.put(DEVICE, device);
  }

  @Override
  public List<Path> recent() {
    List<Path> folders = new ArrayList<>();
    for (int i = 0; i < RECENT_AT_MOST; i++) {
      String folder = node.get(RECENT + i, "");
      if (!folder.isEmpty()) {
        try {
          folders.add(Path.of(folder));
        } catch (InvalidPathException e) {
          node.remove(RECENT + i);
        }
      }
    }
    return folders;
  }

  @Override
  public void addRecent(Path folder) {
    List<Path> folders = new ArrayList<>(recent());
    folders.remove(folder);
    folders.add(0, folder);
    for (int i = 0; i < RECENT_AT_MOST; i++) {
      if (i < folders.size()) {
        node.put(RECENT + i, folders.get(i).toString());
      } else {
        node.remove(RECENT + i);
      }
    }
  }
}
