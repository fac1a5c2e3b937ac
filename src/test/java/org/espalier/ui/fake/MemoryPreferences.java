package org.espalier.ui.fake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.report.heatmap.ColourMap;
import org.espalier.ui.preferences.TextSize;
import org.espalier.ui.preferences.Theme;
import org.espalier.ui.preferences.UserPreferences;

/**
 * Remembers only for the length of a test; begins light, with everything known, and measures only
 * what it is asked to.
 */
public final class MemoryPreferences implements UserPreferences {
  private final List<Path> recent = new ArrayList<>();
  private Optional<Theme> theme = Optional.of(Theme.LIGHT);
  private Optional<ColourMap> colourMap = Optional.empty();
  private TextSize textSize = TextSize.NORMAL;
  private String device = "cpu";
  private int threads;
  private Optional<Path> workspace = Optional.empty();
  private boolean measuresNewRuns;
  private boolean knowsFirstSteps = true;

  @Override
  public Optional<Theme> theme() {
    return theme;
  }

  @Override
  public void setTheme(Optional<Theme> changed) {
    theme = changed;
  }

  public void setTheme(Theme changed) {
    theme = Optional.of(changed);
  }

  @Override
  public Optional<ColourMap> colourMap() {
    return colourMap;
  }

  @Override
  public void setColourMap(Optional<ColourMap> changed) {
    colourMap = changed;
  }

  @Override
  public TextSize textSize() {
    return textSize;
  }

  @Override
  public void setTextSize(TextSize changed) {
    textSize = changed;
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
  public int threads() {
    return threads;
  }

  @Override
  public void setThreads(int changed) {
    threads = changed;
  }

  @Override
  public Optional<Path> workspace() {
    return workspace;
  }

  @Override
  public void setWorkspace(Optional<Path> changed) {
    workspace = changed;
  }

  @Override
  public boolean measuresNewRuns() {
    return measuresNewRuns;
  }

  @Override
  public void setMeasuresNewRuns(boolean changed) {
    measuresNewRuns = changed;
  }

  @Override
  public boolean knowsFirstSteps() {
    return knowsFirstSteps;
  }

  @Override
  public void setKnowsFirstSteps(boolean known) {
    knowsFirstSteps = known;
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

  @Override
  public void removeRecent(Path folder) {
    recent.remove(folder);
  }
}
