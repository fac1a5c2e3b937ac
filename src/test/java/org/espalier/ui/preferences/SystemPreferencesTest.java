package org.espalier.ui.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.prefs.BackingStoreException;
import java.util.prefs.Preferences;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemPreferencesTest {
  private final Preferences node = Preferences.userRoot().node("org/espalier-test");
  private final SystemPreferences preferences = new SystemPreferences(node);

  @AfterEach
  void forget() throws BackingStoreException {
    node.removeNode();
  }

  @Test
  void starts_light_and_on_the_processor() {
    assertThat(preferences.theme()).isEqualTo(Theme.LIGHT);
    assertThat(preferences.device()).isEqualTo("cpu");
    assertThat(preferences.recent()).isEmpty();
  }

  @Test
  void remembers_theme_and_device() {
    preferences.setTheme(Theme.DARK);
    preferences.setDevice("cuda:0");

    SystemPreferences again = new SystemPreferences(node);
    assertThat(again.theme()).isEqualTo(Theme.DARK);
    assertThat(again.device()).isEqualTo("cuda:0");
  }

  @Test
  void keeps_the_newest_eight_folders_once_each() {
    for (int i = 0; i < 12; i++) {
      preferences.addRecent(Path.of("/models/" + i));
    }
    preferences.addRecent(Path.of("/models/9"));

    assertThat(preferences.recent())
        .hasSize(8)
        .startsWith(Path.of("/models/9"), Path.of("/models/11"), Path.of("/models/10"))
        .doesNotHaveDuplicates();
  }
}
