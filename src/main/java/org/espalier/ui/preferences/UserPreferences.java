package org.espalier.ui.preferences;

import java.nio.file.Path;
import java.util.List;

/** What the program remembers about its user between starts. */
public interface UserPreferences {
  int RECENT_AT_MOST = 8;

  Theme theme();

  void setTheme(Theme theme);

  /** A device name as the workbench lists it. */
  String device();

  void setDevice(String device);

  /** Folders opened before, newest first. */
  List<Path> recent();

  void addRecent(Path folder);
}
