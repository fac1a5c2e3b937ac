package org.espalier.ui.preferences;

import java.nio.file.Path;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.report.heatmap.ColourMap;

/** Settings as properties; every change is remembered at once. */
public final class PreferencesViewModel {
  private final ObjectProperty<Optional<Theme>> chosenTheme = new SimpleObjectProperty<>();
  private final ReadOnlyObjectWrapper<Theme> theme = new ReadOnlyObjectWrapper<>(Theme.LIGHT);
  private final ObjectProperty<Optional<ColourMap>> colourMap = new SimpleObjectProperty<>();
  private final ObjectProperty<TextSize> textSize = new SimpleObjectProperty<>();
  private final ObjectProperty<Integer> threads = new SimpleObjectProperty<>();
  private final ObjectProperty<Optional<Path>> workspace = new SimpleObjectProperty<>();
  private final BooleanProperty measuresNewRuns = new SimpleBooleanProperty();
  private Theme systemTheme = Theme.LIGHT;

  public PreferencesViewModel(UserPreferences preferences) {
    chosenTheme.set(preferences.theme());
    colourMap.set(preferences.colourMap());
    textSize.set(preferences.textSize());
    threads.set(preferences.threads());
    workspace.set(preferences.workspace());
    measuresNewRuns.set(preferences.measuresNewRuns());
    showTheme();
    chosenTheme.addListener(
        (property, before, after) -> {
          preferences.setTheme(after);
          showTheme();
        });
    colourMap.addListener((property, before, after) -> preferences.setColourMap(after));
    textSize.addListener((property, before, after) -> preferences.setTextSize(after));
    threads.addListener((property, before, after) -> preferences.setThreads(after));
    workspace.addListener((property, before, after) -> preferences.setWorkspace(after));
    measuresNewRuns.addListener((property, before, after) -> preferences.setMeasuresNewRuns(after));
  }

  /** What the user wants; empty for what the desktop has. */
  public ObjectProperty<Optional<Theme>> chosenTheme() {
    return chosenTheme;
  }

  /** What that comes to. */
  public ReadOnlyObjectProperty<Theme> theme() {
    return theme.getReadOnlyProperty();
  }

  /** Says what the desktop has. */
  public void systemHas(Theme known) {
    systemTheme = known;
    showTheme();
  }

  /** What scores become; empty for what suits the theme. */
  public ObjectProperty<Optional<ColourMap>> colourMap() {
    return colourMap;
  }

  public ObjectProperty<TextSize> textSize() {
    return textSize;
  }

  /** How many cores one operation may use; 0 for as many as the engine takes by itself. */
  public ObjectProperty<Integer> threads() {
    return threads;
  }

  /** Where runs are kept from the next start on; empty for the system's usual place. */
  public ObjectProperty<Optional<Path>> workspace() {
    return workspace;
  }

  /** Whether the perplexity of every new run is measured at once, on a few windows. */
  public BooleanProperty measuresNewRuns() {
    return measuresNewRuns;
  }

  private void showTheme() {
    theme.set(chosenTheme.get().orElse(systemTheme));
  }
}
