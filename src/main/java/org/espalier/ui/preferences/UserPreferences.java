package org.espalier.ui.preferences;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.report.heatmap.ColourMap;

/** What the program remembers about its user between starts. */
public interface UserPreferences {
  int RECENT_AT_MOST = 8;

  /** Empty for the theme that the desktop has. */
  Optional<Theme> theme();

  void setTheme(Optional<Theme> theme);

  /** Empty for the colour map that suits the theme. */
  Optional<ColourMap> colourMap();

  void setColourMap(Optional<ColourMap> map);

  TextSize textSize();

  void setTextSize(TextSize size);

  /** A device name as the workbench lists it. */
  String device();

  void setDevice(String device);

  /** How many cores one operation may use; 0 for as many as the engine takes by itself. */
  int threads();

  void setThreads(int threads);

  /** Where runs are kept; empty for the system's usual place. */
  Optional<Path> workspace();

  void setWorkspace(Optional<Path> folder);

  /** Whether the perplexity of every new run is measured at once, on a few windows. */
  boolean measuresNewRuns();

  void setMeasuresNewRuns(boolean measured);

  /** True once the first steps need no hint any more. */
  boolean knowsFirstSteps();

  void setKnowsFirstSteps(boolean known);

  /** Folders opened before, newest first. */
  List<Path> recent();

  void addRecent(Path folder);

  void removeRecent(Path folder);
}
