package org.espalier.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFilesTest {
  @TempDir Path folder;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(folder);
  }

  private Path file() {
    return folder.resolve("sessions/window-1.json");
  }

  @Test
  void nothing_is_there_before_the_first_window() {
    try (SessionStore store = workspace.session()) {
      assertThat(store.read()).isEmpty();
    }
  }

  @Test
  void everything_comes_back_as_it_was() {
    SavedSession session = Sessions.edited(12);
    try (SessionStore store = workspace.session()) {
      store.write(Sessions.edited(3));
      store.write(session);
    }
    try (SessionStore next = workspace.session()) {
      assertThat(next.read()).contains(session);
    }
  }

  @Test
  void a_session_of_an_earlier_version_opens_without_what_that_did_not_keep() throws IOException {
    SavedSession session = Sessions.edited(2);
    try (SessionStore store = workspace.session()) {
      store.write(session);
    }
    Files.writeString(file(), Files.readString(file()).replaceFirst("(?s),\"details\":.*}$", "}"));

    try (SessionStore next = workspace.session()) {
      SavedSession read = next.read().orElseThrow();
      assertThat(read.draft()).isEqualTo(session.draft());
      assertThat(read.details()).isEqualTo(SavedSession.Details.NONE);
      assertThat(read.unfinished()).isEmpty();
    }
  }

  @Test
  void a_job_of_a_kind_that_only_a_newer_version_knows_is_left_out() throws IOException {
    try (SessionStore store = workspace.session()) {
      store.write(Sessions.edited(2));
    }
    Files.writeString(
        file(), Files.readString(file()).replace("\"kind\":\"racing\"", "\"kind\":\"rowing\""));

    try (SessionStore next = workspace.session()) {
      assertThat(next.read().orElseThrow().unfinished())
          .hasSize(Sessions.edited(2).unfinished().size() - 1);
    }
  }

  @Test
  void two_windows_have_a_session_each() {
    try (SessionStore first = workspace.session();
        SessionStore second = workspace.session()) {
      first.write(Sessions.edited(1));
      second.write(Sessions.edited(2));
      assertThat(first.read()).contains(Sessions.edited(1));
    }
    try (SessionStore again = workspace.session()) {
      assertThat(again.read()).as("the first place is free again").contains(Sessions.edited(1));
    }
  }

  @Test
  void a_damaged_session_is_set_aside_with_a_sentence_wherever_it_is_cut() throws IOException {
    byte[] whole;
    try (SessionStore store = workspace.session()) {
      store.write(Sessions.edited(3));
      whole = Files.readAllBytes(file());
    }
    try (SessionStore store = workspace.session()) {
      for (int length : List.of(0, 1, 20, whole.length / 2, whole.length - 1)) {
        Files.write(file(), Arrays.copyOf(whole, length));
        assertThatThrownBy(store::read)
            .isInstanceOf(EspalierException.class)
            .hasMessageContaining("set aside as")
            .hasMessageContaining("damaged-session-");
        assertThat(store.read()).as("the next start is not held up").isEmpty();
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("sessions"))) {
      assertThat(files.filter(name -> name.toString().contains("damaged-session-"))).hasSize(5);
    }
  }

  @Test
  void content_that_makes_no_sense_is_damage_too() throws IOException {
    try (SessionStore store = workspace.session()) {
      store.write(Sessions.edited(3));
      String text = Files.readString(file());
      for (String nonsense :
          List.of(
              text.replace("\"position\":3", "\"position\":9"),
              text.replace("\"headGroups\":[4,4]", "\"headGroups\":[4]"),
              text.replace("\"targetRatio\":0.3", "\"targetRatio\":\"many\""),
              text.replace("\"format\":1", "\"format\":2"),
              text.replace("\"shown\":\"dense\"", "\"shown\":null"))) {
        assertThat(nonsense).isNotEqualTo(text);
        Files.writeString(file(), nonsense);
        assertThatThrownBy(store::read).isInstanceOf(EspalierException.class);
      }
    }
  }

  @Test
  void a_draft_without_its_model_is_kept_as_a_file_that_can_be_opened() {
    try (SessionStore store = workspace.session()) {
      SavedDraft draft = Sessions.edited(4).draft();
      Path kept = store.keep(draft);
      assertThat(store.keep(draft)).isNotEqualTo(kept);
      assertThat(DraftFile.read(kept)).isEqualTo(draft);
      assertThat(kept.getFileName().toString()).startsWith("draft-tiny-");
    }
  }
}
