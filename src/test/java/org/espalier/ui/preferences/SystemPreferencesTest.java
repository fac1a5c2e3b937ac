package org.espalier.ui.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.prefs.BackingStoreException;
import java.util.prefs.Preferences;
import org.espalier.report.heatmap.ColourMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemPreferencesTest {
  private final Preferences node = Preferences.userRoot().node("org/espalier-test");
  private final SystemPreferences preferences = new SystemPreferences(node);

  @AfterEach
  void forget() throws BackingStoreException {
    node.removeNode();
  }

  @Test
  void starts_as_the_desktop_is_and_on_the_processor() {
    assertThat(preferences.theme()).isEmpty();
    assertThat(preferences.colourMap()).isEmpty();
    assertThat(preferences.textSize()).isEqualTo(TextSize.NORMAL);
    assertThat(preferences.device()).isEqualTo("cpu");
    assertThat(preferences.threads()).isZero();
    assertThat(preferences.workspace()).isEmpty();
    assertThat(preferences.measuresNewRuns()).isTrue();
    assertThat(preferences.knowsFirstSteps()).isFalse();
    assertThat(preferences.recent()).isEmpty();
  }

  @Test
  void remembers_every_setting_between_starts() {
    PreferencesViewModel settings = new PreferencesViewModel(preferences);
    settings.chosenTheme().set(Optional.of(Theme.DARK));
    settings.colourMap().set(Optional.of(ColourMap.GREY));
    settings.textSize().set(TextSize.LARGE);
    settings.threads().set(3);
    settings.workspace().set(Optional.of(Path.of("/data/runs")));
    settings.measuresNewRuns().set(false);
    preferences.setDevice("cuda:0");
    preferences.setKnowsFirstSteps(true);

    SystemPreferences again = new SystemPreferences(node);
    assertThat(again.theme()).contains(Theme.DARK);
    assertThat(again.measuresNewRuns()).isFalse();
    assertThat(again.colourMap()).contains(ColourMap.GREY);
    assertThat(again.textSize()).isEqualTo(TextSize.LARGE);
    assertThat(again.threads()).isEqualTo(3);
    assertThat(again.workspace()).contains(Path.of("/data/runs"));
    assertThat(again.device()).isEqualTo("cuda:0");
    assertThat(again.knowsFirstSteps()).isTrue();

    settings.chosenTheme().set(Optional.empty());
    settings.workspace().set(Optional.empty());
    assertThat(again.theme()).isEmpty();
    assertThat(again.workspace()).isEmpty();
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

    preferences.removeRecent(Path.of("/models/11"));
    assertThat(preferences.recent())
        .hasSize(7)
        .startsWith(Path.of("/models/9"), Path.of("/models/10"));
  }

  @Test
  void follows_the_desktop_only_while_nothing_else_is_chosen() {
    PreferencesViewModel settings = new PreferencesViewModel(preferences);
    settings.systemHas(Theme.DARK);
    assertThat(settings.theme().get()).isEqualTo(Theme.DARK);

    settings.chosenTheme().set(Optional.of(Theme.LIGHT));
    settings.systemHas(Theme.CONTRAST);
    assertThat(settings.theme().get()).isEqualTo(Theme.LIGHT);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "'Adwaita', 'prefer-dark', DARK",
        "'Adwaita-dark', 'default', DARK",
        "'Adwaita', 'default', LIGHT",
        "'HighContrast', 'default', CONTRAST",
        "\"\", Dark, DARK",
        "\"\", AppsUseLightTheme REG_DWORD 0x0, DARK",
        "\"\", AppsUseLightTheme REG_DWORD 0x1, LIGHT",
        "\"\", \"\", LIGHT"
      })
  void reads_what_desktops_say(String widgets, String scheme, Theme theme) {
    assertThat(SystemTheme.of(widgets, scheme)).isEqualTo(theme);
  }
}
