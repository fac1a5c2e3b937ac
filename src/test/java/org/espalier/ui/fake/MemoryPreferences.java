package org.espalier.ui.fake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.ui.preferences.Theme;
import org.espalier.ui.preferences.UserPreferences;

/** Remembers only for the length of a test. */
public final class MemoryPreferences implements UserPreferences {
  private final List<Path> recent = new ArrayList<>();
  private Theme theme = Theme.LIGHT;
  private String device = "cpu";

  @Override
  public Theme theme() {
    return theme;
  }

  @Override
  public void setTheme(Theme changed) {
    theme = changed;
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public void setDevice(String changed) {
    device = changed;
  }

  @Override
  public List<Path> recent() {
    return List.copyOf(recent);
  }

  @Override
  public void addRecent(Path folder) {
    recent.remove(folder);
    recent.add(0, folder);
  }
}
