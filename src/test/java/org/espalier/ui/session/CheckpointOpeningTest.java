package org.espalier.ui.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.ui.fake.Bench;
import org.junit.jupiter.api.Test;

class CheckpointOpeningTest {
  private final Bench bench = new Bench();

  @Test
  void the_newest_wish_wins_and_nothing_stays_open_behind_it() {
    bench.putOffJobs();
    bench.opening.open(Optional.of(Path.of("/models/first")));
    bench.opening.open(Optional.of(Path.of("/models/second")));
    assertThat(bench.opening.opening().get()).isTrue();

    bench.runJobs();

    assertThat(bench.session.checkpoint().get().name()).isEqualTo("second");
    assertThat(bench.opening.opening().get()).isFalse();
  }

  @Test
  void the_former_checkpoint_is_closed() {
    bench.opened();

    bench.openedFolder("/models/other");

    assertThat(bench.workbench.closed()).singleElement().matches(closed -> closed.sample());
  }

  @Test
  void folders_are_remembered_newest_first_and_the_sample_is_not() {
    bench.opened();
    bench.openedFolder("/models/a");
    bench.openedFolder("/models/b");

    assertThat(bench.preferences.recent())
        .containsExactly(Path.of("/models/b"), Path.of("/models/a"));
  }

  @Test
  void a_broken_folder_is_told_in_words_and_leaves_the_present_checkpoint() {
    bench.opened();

    bench.openedFolder("/models/broken");

    assertThat(bench.notices.sentences())
        .singleElement()
        .asString()
        .contains("/models/broken", "config.json", "choose");
    assertThat(bench.session.checkpoint().get().sample()).isTrue();
    assertThat(bench.opening.opening().get()).isFalse();
  }
}
