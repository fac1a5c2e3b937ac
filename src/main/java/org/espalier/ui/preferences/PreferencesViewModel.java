package org.espalier.ui.preferences;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

/** Settings as properties; every change is remembered at once. */
public final class PreferencesViewModel {
  private final ObjectProperty<Theme> theme = new SimpleObjectProperty<>();

  public PreferencesViewModel(UserPreferences preferences) {
    theme.set(preferences.theme());
    theme.addListener((property, before, after) -> preferences.setTheme(after));
  }

  public ObjectProperty<Theme> theme() {
    return theme;
  }

  public void toggleTheme() {
    theme.set(theme.get() == Theme.DARK ? Theme.LIGHT : Theme.DARK);
  }
}
