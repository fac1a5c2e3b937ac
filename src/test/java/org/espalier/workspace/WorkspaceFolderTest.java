package org.espalier.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkspaceFolderTest {
  private static final Path HOME = Path.of("/home/ada");

  @Test
  void linux_follows_the_base_directory_rules() {
    assertThat(WorkspaceFolder.standard("Linux", HOME, Map.of()))
        .isEqualTo(Path.of("/home/ada/.local/share/espalier"));
    assertThat(WorkspaceFolder.standard("Linux", HOME, Map.of("XDG_DATA_HOME", "/data/ada")))
        .isEqualTo(Path.of("/data/ada/espalier"));
    assertThat(WorkspaceFolder.standard("Linux", HOME, Map.of("XDG_DATA_HOME", "relative")))
        .isEqualTo(Path.of("/home/ada/.local/share/espalier"));
  }

  @Test
  void other_systems_have_their_own_places() {
    assertThat(WorkspaceFolder.standard("Mac OS X", HOME, Map.of()))
        .isEqualTo(Path.of("/home/ada/Library/Application Support/Espalier"));
    assertThat(WorkspaceFolder.standard("Windows 11", HOME, Map.of("LOCALAPPDATA", "/local")))
        .isEqualTo(Path.of("/local/Espalier"));
    assertThat(WorkspaceFolder.standard("Windows 11", HOME, Map.of()))
        .isEqualTo(Path.of("/home/ada/AppData/Local/Espalier"));
  }
}
