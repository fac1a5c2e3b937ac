package org.espalier.ui.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.ui.fake.Bench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFoldersTest {
  private final Bench bench = new Bench().opened();

  @TempDir Path disk;

  @Test
  void a_folder_dropped_on_the_window_is_opened() throws IOException {
    Path model = Files.createDirectory(disk.resolve("stories"));

    bench.folders.openDropped(List.of(model));

    assertThat(bench.session.checkpoint().get().name()).isEqualTo("stories");
    assertThat(bench.folders.recent()).containsExactly(model);
  }

  @Test
  void a_file_stands_for_the_folder_that_it_is_in() throws IOException {
    Path model = Files.createDirectory(disk.resolve("stories"));
    Path weights = Files.createFile(model.resolve("model.safetensors"));

    bench.folders.openDropped(List.of(weights));

    assertThat(bench.session.checkpoint().get().name()).isEqualTo("stories");
  }

  @Test
  void several_things_at_once_are_refused_in_words() {
    bench.folders.openDropped(List.of(disk, disk));

    assertThat(bench.session.checkpoint().get().sample()).isTrue();
    assertThat(bench.notices.sentences()).singleElement().asString().contains("2 things");
  }

  @Test
  void a_model_that_has_vanished_is_said_and_no_longer_offered() {
    Path gone = disk.resolve("gone");
    bench.preferences.addRecent(gone);

    bench.folders.openAgain(gone);

    assertThat(bench.notices.sentences()).singleElement().asString().contains("gone", "new place");
    assertThat(bench.folders.recent()).isEmpty();
    assertThat(bench.session.checkpoint().get().sample()).isTrue();
  }
}
