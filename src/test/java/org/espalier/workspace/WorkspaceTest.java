package org.espalier.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @TempDir Path temporary;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(temporary.resolve("workspace"));
  }

  @Test
  void a_published_run_reads_back_as_it_was() throws IOException {
    Run published = Runs.publish(workspace, "flap 30 %", NOON);

    assertThat(published.folder()).exists().hasFileName(published.id());
    assertThat(published.id()).startsWith("flap-30-");
    assertThat(Workspace.open(workspace.folder()).runs().runs()).containsExactly(published);
    assertThat(published)
        .usingRecursiveComparison()
        .ignoringFields("id", "folder")
        .isEqualTo(Runs.run("flap 30 %", NOON));
  }

  @Test
  void measurements_of_earlier_versions_are_read_with_what_was_known_then() throws IOException {
    Run run = Runs.publish(workspace, "old", NOON);
    Files.writeString(
        run.folder().resolve("measurements.json"),
        """
        {"format": 1, "perplexities": [{"perplexity": 6.5, "windowNegativeLogLikelihoods": [1.5, 2.25],
          "tokens": 254, "seconds": 0.5, "protocol": {"text": "t", "textHash": "ff", "window": 128,
          "windows": 2, "bos": "none", "dtype": "float32", "device": "cpu", "seed": 0}}],
         "speed": [{"dense": SPEED, "pruned": SPEED,
          "prefill": {"low": 1, "median": 1.1, "high": 1.2},
          "decode": {"low": 0.9, "median": 1, "high": 1.3}}]}
        """
            .replace(
                "SPEED",
                """
                {"prefillTokensPerSecond": 100, "decodeTokensPerSecond": 10,
                 "peakMemoryBytes": 1048576, "promptTokens": 128, "newTokens": 128, "rounds": 10,
                 "device": "cpu"}
                """));

    Run read = workspace.find("old");

    assertThat(read.speed()).contains(Runs.speed());
    assertThat(read.perplexities().get(0).estimate()).isFalse();
    assertThat(read.perplexities().get(0).warnings()).isEmpty();
    assertThat(read.tasks()).isEmpty();
  }

  @Test
  void nothing_shows_before_it_is_published_and_an_abandoned_draft_vanishes() throws IOException {
    Path draftFolder;
    try (RunDraft draft = workspace.begin("half")) {
      Runs.fill(draft);
      draftFolder = draft.folder();
      assertThat(workspace.runs().runs()).isEmpty();
      assertThat(draft.target()).doesNotExist();
    }
    assertThat(draftFolder).doesNotExist();
    assertThat(files("drafts")).isEmpty();
  }

  @Test
  void a_draft_in_use_survives_another_program_opening_the_workspace() throws IOException {
    try (RunDraft draft = workspace.begin("busy")) {
      Runs.fill(draft);
      Workspace.open(workspace.folder());
      assertThat(draft.folder()).exists();
    }
  }

  @Test
  void what_a_killed_program_left_is_swept_up() throws IOException {
    Path draft = Files.createDirectories(workspace.folder().resolve("drafts/left-1"));
    Files.writeString(draft.resolve("model.safetensors"), "half");
    Files.writeString(workspace.folder().resolve("drafts/left-1.lock"), "");
    Path beside = Files.createDirectories(temporary.resolve(".out.new-left-2"));
    Files.writeString(workspace.folder().resolve("drafts/left-2.lock"), beside.toString());
    Path stranger = Files.createDirectories(temporary.resolve("stranger"));
    Files.writeString(workspace.folder().resolve("drafts/left-3.lock"), stranger.toString());
    Files.createDirectories(workspace.folder().resolve("trash/old"));

    Workspace.open(workspace.folder());

    assertThat(files("drafts")).isEmpty();
    assertThat(files("trash")).isEmpty();
    assertThat(beside).doesNotExist();
    assertThat(stranger).exists();
  }

  @Test
  void a_kill_while_a_run_replaces_another_leaves_the_one_or_the_other() throws IOException {
    Path waiting = Files.createDirectories(temporary.resolve(".mine.old-left-1"));
    Files.writeString(waiting.resolve("config.json"), "old");
    Path draft = Files.createDirectories(temporary.resolve(".mine.new-left-1"));
    Files.writeString(workspace.folder().resolve("drafts/left-1.lock"), draft.toString());
    Path finished = Files.createDirectories(temporary.resolve("yours"));
    Files.writeString(finished.resolve("config.json"), "new");
    Files.createDirectories(temporary.resolve(".yours.old-left-2"));
    Files.writeString(
        workspace.folder().resolve("drafts/left-2.lock"),
        temporary.resolve(".yours.new-left-2").toString());

    Workspace.open(workspace.folder());

    assertThat(temporary.resolve("mine/config.json")).hasContent("old");
    assertThat(temporary.resolve("yours/config.json")).hasContent("new");
    assertThat(names(temporary)).contains("mine", "yours").noneMatch(name -> name.startsWith("."));
  }

  @Test
  void what_a_killed_writer_left_beside_the_target_is_swept_up_with_its_draft() throws IOException {
    String work = "..out.new-left-1.espalier-writing-1-0123abcd";
    Files.createDirectories(temporary.resolve(work));
    Files.writeString(temporary.resolve(work + ".lock"), "");
    Files.writeString(
        workspace.folder().resolve("drafts/left-1.lock"),
        temporary.resolve(".out.new-left-1").toString());

    Workspace.open(workspace.folder());

    assertThat(names(temporary)).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void a_link_does_not_lead_a_run_over_its_source() throws IOException {
    Path source = Files.createDirectories(temporary.resolve("source"));
    Files.writeString(source.resolve("config.json"), "{}");
    Path link = temporary.resolve("link");
    assumeTrue(linked(link, source), "no links can be made here");

    for (Path target : List.of(link, link.resolve("inside"))) {
      assertThatThrownBy(() -> workspace.beginAt(target, "mine", source, true))
          .hasMessageContaining("over or inside");
    }
    assertThatThrownBy(() -> workspace.beginAt(source, "mine", link, true))
        .hasMessageContaining("over or inside");
  }

  private static boolean linked(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Test
  void journals_that_nobody_continues_are_swept_up_after_a_month() {
    try (Journal old = workspace.journal("prune", "old")) {
      old.append(1);
    }
    Clock nextWeek = Clock.offset(Clock.systemUTC(), Duration.ofDays(7));
    Clock nextSeason = Clock.offset(Clock.systemUTC(), Duration.ofDays(90));

    Workspace.open(workspace.folder(), nextWeek);
    try (Journal kept = workspace.journal("prune", "old")) {
      assertThat(kept.entries()).hasSize(1);
      // In use, however old.
      Workspace.open(workspace.folder(), nextSeason);
      kept.append(2);
    }
    Workspace.open(workspace.folder(), nextSeason);
    try (Journal gone = workspace.journal("prune", "old")) {
      assertThat(gone.entries()).isEmpty();
    }
  }

  @Test
  void runs_are_listed_oldest_first_and_damaged_ones_are_reported_beside_them() throws IOException {
    Run late = Runs.publish(workspace, "late", NOON.plusSeconds(1));
    Run early = Runs.publish(workspace, "early", NOON);
    Run broken = Runs.publish(workspace, "broken", NOON);
    Files.writeString(broken.folder().resolve("run.json"), "{\"format\":1, \"format\":1}");

    RunListing listing = workspace.runs();

    assertThat(listing.runs()).containsExactly(early, late);
    assertThat(listing.damaged()).hasSize(1);
    assertThat(listing.damaged().get(0).reason()).contains("run.json", "damaged", "Duplicate");
  }

  @Test
  void every_kind_of_damage_is_told_with_the_file_name() throws IOException {
    Run run = Runs.publish(workspace, "run", NOON);
    Path file = run.folder().resolve("run.json");
    String good = Files.readString(file);
    for (String bad :
        List.of(
            "",
            "[]",
            "null",
            good.substring(0, good.length() / 2),
            good + "{}",
            good.replace("\"format\" : 1", "\"format\" : 9"),
            good.replace("\"bytes\" : 1400", "\"bytes\" : null"),
            good.replace("\"bytes\" : 1400,", ""),
            good.replace("\"targetRatio\" : 0.3", "\"targetRatio\" : 3"),
            good.replace("\"prunable\"", "\"imaginary\""),
            good.replace("\"feedForward\"", "\"nothing\""),
            good.replace("2026-01-02", "yesterday"))) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> Workspace.read(run.folder()))
          .as(bad)
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("run.json");
    }
  }

  @Test
  void a_run_is_found_by_id_name_or_folder() throws IOException {
    Run run = Runs.publish(workspace, "my run", NOON);

    assertThat(workspace.find(run.id())).isEqualTo(run);
    assertThat(workspace.find("my run")).isEqualTo(run);
    assertThat(workspace.find(run.folder().toString())).isEqualTo(run);
    assertThatThrownBy(() -> workspace.find("other"))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("no run other");
    assertThatThrownBy(() -> workspace.find(temporary.toString()))
        .hasMessageContaining("is not a run");
  }

  @Test
  void names_are_unique_within_a_workspace() throws IOException {
    Run first = Runs.publish(workspace, "flap", NOON);
    Run second = Runs.publish(workspace, "flap", NOON);

    assertThat(second.name()).isEqualTo("flap 2");
    assertThatThrownBy(() -> workspace.rename(second, "flap")).hasMessageContaining("flap already");
    Run renamed = workspace.rename(second, " wide feet ");
    assertThat(renamed.name()).isEqualTo("wide feet");
    assertThat(workspace.find("wide feet").id()).isEqualTo(second.id());
    assertThat(workspace.find("flap")).isEqualTo(first);
  }

  @Test
  void measurements_are_kept_and_the_newest_of_a_protocol_wins() throws IOException {
    Run run = Runs.publish(workspace, "run", NOON);

    workspace.addPerplexity(run, Runs.perplexity("a.txt", 9));
    workspace.addPerplexity(run, Runs.perplexity("b.txt", 8));
    workspace.setSpeed(run, Runs.speed());
    workspace.addPerplexity(run, Runs.perplexity("a.txt", Double.POSITIVE_INFINITY));

    Run read = Workspace.read(run.folder());
    assertThat(read.perplexities())
        .containsExactly(
            Runs.perplexity("b.txt", 8), Runs.perplexity("a.txt", Double.POSITIVE_INFINITY));
    assertThat(read.speed()).contains(Runs.speed());
  }

  @Test
  void measurements_of_many_threads_are_all_kept() throws Exception {
    Run run = Runs.publish(workspace, "run", NOON);
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String text = "text " + i;
      // Each opens the folder on its own, as another program would.
      Thread thread =
          new Thread(
              () -> {
                Workspace own = Workspace.open(workspace.folder());
                try {
                  start.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                own.addPerplexity(run, Runs.perplexity(text, 5));
              });
      thread.start();
      threads.add(thread);
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(Workspace.read(run.folder()).perplexities()).hasSize(8);
  }

  @Test
  void a_deleted_run_lies_in_the_trash_and_can_be_brought_back_whole() throws IOException {
    Run run = Runs.publish(workspace, "run", NOON);
    Run other = Runs.publish(workspace, "other", NOON);

    workspace.note(run, " the one that drained block 3 ");
    TrashedRun trashed = workspace.delete(run).orElseThrow();

    assertThat(run.folder()).doesNotExist();
    assertThat(workspace.runs().runs()).containsExactly(other);
    assertThat(workspace.trash()).containsExactly(trashed);
    assertThat(trashed.run().name()).isEqualTo("run");

    Runs.publish(workspace, "run", NOON);
    Run back = workspace.restore(trashed);

    assertThat(back.folder()).isEqualTo(run.folder());
    assertThat(back.name()).as("another run took its name meanwhile").isEqualTo("run 2");
    assertThat(back.notes()).isEqualTo("the one that drained block 3");
    assertThat(workspace.runs().runs()).hasSize(3).contains(back);
    assertThat(workspace.trash()).isEmpty();
    assertThatThrownBy(() -> workspace.restore(trashed))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("not in the trash any more");
  }

  @Test
  void the_trash_is_emptied_by_hand_or_after_a_month() throws IOException {
    Run old = Runs.publish(workspace, "old", NOON);
    Run young = Runs.publish(workspace, "young", NOON);
    workspace.delete(old);
    Path place = workspace.trash().get(0).run().folder();
    Files.move(place, place.resolveSibling("20200101-000000~" + old.id()));
    workspace.delete(young);

    Workspace again = Workspace.open(workspace.folder());
    assertThat(again.trash()).extracting(it -> it.run().name()).containsExactly("young");

    again.emptyTrash();
    assertThat(again.trash()).isEmpty();
    assertThat(files("trash")).isEmpty();
  }

  @Test
  void a_run_can_live_in_a_folder_of_choice() throws IOException {
    Path out = temporary.resolve("some/out");
    Path source = temporary.resolve("dense");
    Run run;
    try (RunDraft draft = workspace.beginAt(out, "mine", source, false)) {
      Runs.fill(draft);
      assertThat(out).doesNotExist();
      run = draft.publish(Runs.run("mine", NOON));
    }
    assertThat(run.folder()).isEqualTo(out);
    assertThat(workspace.find(out.toString())).isEqualTo(run);
    assertThat(workspace.runs().runs()).isEmpty();

    assertThatThrownBy(() -> workspace.beginAt(out, "mine", source, false))
        .hasMessageContaining("exists already");
    try (RunDraft draft = workspace.beginAt(out, "again", source, true)) {
      Runs.fill(draft);
      assertThat(Workspace.read(out).name()).isEqualTo("mine");
      draft.publish(Runs.run("again", NOON));
    }
    assertThat(Workspace.read(out).name()).isEqualTo("again");
    assertThat(names(out.getParent())).containsExactly("out");
  }

  @Test
  void a_run_never_replaces_its_source_or_something_else() throws IOException {
    Path source = Files.createDirectories(temporary.resolve("dense"));
    Files.writeString(source.resolve("config.json"), "{}");
    Path photos = Files.createDirectories(temporary.resolve("photos"));
    Files.writeString(photos.resolve("tree.jpg"), "");

    for (Path target :
        List.of(source, source.resolve("inside"), temporary, photos, workspace.folder())) {
      assertThatThrownBy(() -> workspace.beginAt(target, "run", source, true))
          .as(target.toString())
          .isInstanceOf(EspalierException.class);
    }
  }

  private List<String> files(String part) throws IOException {
    return names(workspace.folder().resolve(part));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }
}
