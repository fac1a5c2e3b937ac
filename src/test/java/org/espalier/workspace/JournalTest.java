package org.espalier.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private record Step(int block, double value) {}

  @TempDir Path folder;

  private Journal open() {
    return Journal.open(folder, "prune", "request 1");
  }

  @Test
  void a_job_goes_on_behind_its_last_step() {
    try (Journal journal = open()) {
      assertThat(journal.entries()).isEmpty();
      journal.append(new Step(0, 0.1));
      journal.append(new Step(1, 1e-300));
    }
    try (Journal journal = open()) {
      assertThat(journal.entries(Step.class))
          .containsExactly(new Step(0, 0.1), new Step(1, 1e-300));
      journal.append(new Step(2, 3));
      assertThat(journal.entries()).hasSize(3);
    }
  }

  @Test
  void another_request_begins_anew() {
    try (Journal journal = open()) {
      journal.append(new Step(0, 0));
    }
    try (Journal journal = Journal.open(folder, "prune", "request 2")) {
      assertThat(journal.entries()).isEmpty();
    }
    try (Journal journal = open()) {
      assertThat(journal.entries()).hasSize(1);
    }
  }

  @Test
  void a_finished_job_leaves_nothing() throws IOException {
    try (Journal journal = open()) {
      journal.append(new Step(0, 0));
      Files.writeString(journal.folder().resolve("activations"), "large");
      journal.complete();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void the_same_job_runs_once_at_a_time() {
    try (Journal journal = open()) {
      assertThat(journal.entries()).isEmpty();
      assertThatThrownBy(this::open)
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("running already");
    }
    open().close();
  }

  @Property(tries = 60)
  void a_torn_tail_loses_only_the_steps_it_touches(@ForAll @IntRange(min = 0, max = 400) int keep)
      throws IOException {
    Path own = Files.createTempDirectory("journal");
    try {
      Path file;
      try (Journal journal = Journal.open(own, "prune", "key")) {
        for (int i = 0; i < 5; i++) {
          journal.append(new Step(i, i / 3.0));
        }
        file = journal.folder().resolve("journal.jsonl");
      }
      byte[] bytes = Files.readAllBytes(file);
      int length = Math.min(keep, bytes.length);
      Files.write(file, Arrays.copyOf(bytes, length));
      int whole = -1;
      for (int i = 0; i < length; i++) {
        whole += bytes[i] == '\n' ? 1 : 0;
      }
      try (Journal journal = Journal.open(own, "prune", "key")) {
        assertThat(journal.entries()).hasSize(Math.max(0, whole));
        journal.append(new Step(9, 9));
      }
      try (Journal journal = Journal.open(own, "prune", "key")) {
        List<Step> steps = journal.entries(Step.class);
        assertThat(steps).hasSize(Math.max(0, whole) + 1).endsWith(new Step(9, 9));
      }
    } finally {
      Folders.delete(own);
    }
  }

  @Test
  void garbage_after_a_crash_is_dropped() throws IOException {
    Path file;
    try (Journal journal = open()) {
      journal.append(new Step(0, 0));
      file = journal.folder().resolve("journal.jsonl");
    }
    Files.write(file, new byte[] {0, 0, 0, '\n', '{', '}', '\n'}, StandardOpenOption.APPEND);
    try (Journal journal = open()) {
      assertThat(journal.entries(Step.class)).containsExactly(new Step(0, 0));
    }
  }

  @Test
  void entries_of_another_shape_are_refused_with_the_file_name() {
    try (Journal journal = open()) {
      journal.append(List.of(1, 2));
      assertThatThrownBy(() -> journal.entries(Step.class))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("journal.jsonl");
    }
  }
}
