package org.espalier.ui.preferences;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.prefs.Preferences;
import org.espalier.report.heatmap.ColourMap;

/** Kept in the system's own place for a user's settings. */
public final class SystemPreferences implements UserPreferences {
  private static final String THEME = "theme";
  private static final String COLOUR_MAP = "colourMap";
  private static final String TEXT_SIZE = "textSize";
  private static final String DEVICE = "device";
  private static final String THREADS = "threads";
  private static final String WORKSPACE = "workspace";
  private static final String KNOWS_FIRST_STEPS = "knowsFirstSteps";
  private static final String MEASURES_NEW_RUNS = "measuresNewRuns";
  private static final String RECENT = "recent";

  private final Preferences node;

  public SystemPreferences() {
    this(Preferences.userRoot().node("org/espalier"));
  }

  SystemPreferences(Preferences node) {
    this.node = node;
  }

  @Override
  public Optional<Theme> theme() {
    return named(THEME, Theme.values());
  }

  @Override
  public void setTheme(Optional<Theme> theme) {
    set(THEME, theme.map(Theme::name));
  }

  @Override
  public Optional<ColourMap> colourMap() {
    return named(COLOUR_MAP, ColourMap.values());
  }

  @Override
  public void setColourMap(Optional<ColourMap> map) {
    set(COLOUR_MAP, map.map(ColourMap::name));
  }

  @Override
  public TextSize textSize() {
    return named(TEXT_SIZE, TextSize.values()).orElse(TextSize.NORMAL);
  }

  @Override
  public void setTextSize(TextSize size) {
    node.put(TEXT_SIZE, size.name());
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
  public int threads() {
    return Math.max(0, node.getInt(THREADS, 0));
  }

  @Override
  public void setThreads(int threads) {
    node.putInt(THREADS, threads);
  }

  @Override
  public Optional<Path> workspace() {
    return folder(WORKSPACE);
  }

  @Override
  public void setWorkspace(Optional<Path> folder) {
    set(WORKSPACE, folder.map(Path::toString));
  }

  @Override
  public boolean measuresNewRuns() {
    return node.getBoolean(MEASURES_NEW_RUNS, true);
  }

  @Override
  public void setMeasuresNewRuns(boolean measured) {
    node.putBoolean(MEASURES_NEW_RUNS, measured);
  }

  @Override
  public boolean knowsFirstSteps() {
    return node.getBoolean(KNOWS_FIRST_STEPS, false);
  }

  @Override
  public void setKnowsFirstSteps(boolean known) {
    node.putBoolean(KNOWS_FIRST_STEPS, known);
  }

  @Override
  public List<Path> recent() {
    List<Path> folders = new ArrayList<>();
    for (int i = 0; i < RECENT_AT_MOST; i++) {
      folder(RECENT + i).ifPresent(folders::add);
    }
    return folders;
  }

  @Override
  public void addRecent(Path folder) {
    List<Path> folders = new ArrayList<>(recent());
    folders.remove(folder);
    folders.add(0, folder);
    setRecent(folders);
  }

  @Override
  public void removeRecent(Path folder) {
    List<Path> folders = new ArrayList<>(recent());
    folders.remove(folder);
    setRecent(folders);
  }

  private void setRecent(List<Path> folders) {
    for (int i = 0; i < RECENT_AT_MOST; i++) {
      set(
          RECENT + i,
          i < folders.size() ? Optional.of(folders.get(i).toString()) : Optional.empty());
    }
  }

  private Optional<Path> folder(String key) {
    String folder = node.get(key, "");
    try {
      return folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder));
    } catch (InvalidPathException e) {
      node.remove(key);
      return Optional.empty();
    }
  }

  private <T extends Enum<T>> Optional<T> named(String key, T[] values) {
    String name = node.get(key, "");
    return Arrays.stream(values).filter(value -> value.name().equals(name)).findFirst();
  }

  private void set(String key, Optional<String> value) {
    value.ifPresentOrElse(known -> node.put(key, known), () -> node.remove(key));
  }
}
