package org.espalier.ui.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Shown;
import org.espalier.workspace.Run;
import org.espalier.workspace.SavedSession;
import org.espalier.workspace.UnfinishedJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowMemoryTest {
  private final Bench before = new Bench();
  private final Bench after = new Bench();

  @TempDir Path folder;

  private static WindowMemory memory(Bench bench) {
    JobResumer resumer =
        new JobResumer(bench.session, bench.unfinished, bench.notices, bench.messages);
    resumer.learn(UnfinishedJob.Pruning.class, (job, run) -> bench.toolbar.goOn(job));
    return new WindowMemory(
        bench.workbench,
        bench.session,
        bench.draft,
        bench.method,
        bench.opening,
        details(bench),
        bench.unfinished,
        resumer,
        bench.follower,
        bench.executor,
        bench.notices,
        bench.messages);
  }

  private static PresentDetails details(Bench bench) {
    return new PresentDetails(bench.heatmap, bench.budget.context(), bench.runs.typedNotes());
  }

  private static void beginAfresh(Bench bench) {
    memory(bench).begin(LastSession.read(bench.workbench.session()));
  }

  /** What the first window left is what the second begins with. */
  private void reopen() {
    after.workbench.session().write(before.workbench.session().read().orElseThrow());
    beginAfresh(after);
  }

  @Test
  void the_first_start_opens_the_sample_model_and_begins_to_record() {
    beginAfresh(before);

    assertThat(before.session.checkpoint().get().sample()).isTrue();
    assertThat(before.workbench.session().read().orElseThrow().checkpoint()).isEmpty();
  }

  @Test
  void goes_on_with_draft_locks_snapshots_and_history() {
    beginAfresh(before);
    before.method.analyse();
    before.draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));
    before.draft.toggleLock(SubLayer.attention(2));
    before.draft.takeSnapshot("before I locked 3");
    before.draft.setKept(SubLayer.feedForward(3), 100);
    before.draft.rename("middle kept");
    before.draft.undo();

    reopen();

    assertThat(after.draft.state().get()).isEqualTo(before.draft.state().get());
    assertThat(after.draft.allocation().get()).isEqualTo(before.draft.allocation().get());
    assertThat(after.draft.history().get()).isEqualTo(before.draft.history().get());
    assertThat(after.draft.snapshots()).isEqualTo(before.draft.snapshots());
    after.draft.redo();
    assertThat(after.draft.name()).isEqualTo("middle kept");
    after.draft.undo();
    after.draft.undo();
    assertThat(after.draft.state().get().locks().holds()).containsOnlyKeys(SubLayer.attention(2));
  }

  @Test
  void goes_on_with_the_method_its_parameters_and_the_analysis() {
    beginAfresh(before);
    before.method.method().set(before.method.methods().get(2));
    before.method.value(before.method.methods().get(2).parameters().get(0)).set("7");
    before.method.seed().set("3");
    before.method.analyse();
    before.method.samples().set("32");

    reopen();

    assertThat(after.session.analysis().get().request())
        .isEqualTo(before.session.analysis().get().request());
    assertThat(after.session.analysis().get().request().parameters())
        .isEqualTo(Map.of("seed", "7"));
    assertThat(after.method.method().get().name()).isEqualTo("random");
    assertThat(after.method.samples().get()).as("typed after the analysis").isEqualTo("32");
  }

  @Test
  void goes_on_with_the_large_block_the_context_and_what_was_typed() {
    beginAfresh(before);
    before.method.analyse();
    before.toolbar.prune();
    Run run = before.session.shownRun().orElseThrow();
    before.heatmap.enlarge(3);
    before.budget.context().set(before.budget.contexts().get(0));
    before.runs.typedNotes().put(run.id(), "good at poems, bad at");

    reopen();

    assertThat(after.heatmap.enlarged().get()).contains(3);
    assertThat(after.budget.context().get())
        .isEqualTo(before.budget.context().get())
        .isNotEqualTo(new Bench().opened().budget.context().get());
    assertThat(after.runs.typedNotes()).containsEntry(run.id(), "good at poems, bad at");

    after.runs.note(run, "good at poems, bad at sums");
    after.heatmap.showAll();
    SavedSession.Details left = after.workbench.session().read().orElseThrow().details();
    assertThat(left.notes()).isEmpty();
    assertThat(left.enlarged()).isEmpty();
  }

  @Test
  void shows_the_run_that_was_shown() {
    beginAfresh(before);
    before.method.analyse();
    before.toolbar.prune();
    Run run = before.session.shownRun().orElseThrow();
    after.workbench.keep(run);

    reopen();

    assertThat(after.session.shownRun().map(Run::id)).contains(run.id());
  }

  @Test
  void shows_the_dense_model_again_even_though_the_draft_is_analysed_meanwhile() {
    beginAfresh(before);
    before.method.analyse();
    before.session.shown().set(Shown.DENSE);

    reopen();

    assertThat(after.session.shown().get()).isEqualTo(Shown.DENSE);
    assertThat(after.session.analysis().get()).isNotNull();
  }

  @Test
  void opens_the_folder_that_was_open() throws Exception {
    Path model = Files.createDirectory(folder.resolve("tiny"));
    before.opening.open(Optional.of(model));
    before.workbench.session().write(record(before));

    reopen();

    assertThat(after.session.checkpoint().get().folder()).isEqualTo(model);
  }

  @Test
  void finds_a_model_of_the_hub_elsewhere_in_the_cache() {
    before.opening.open(Optional.of(Path.of("/gone/lab/kept")));
    SavedSession left = record(before);
    after
        .workbench
        .session()
        .write(
            new SavedSession(
                left.checkpoint(),
                "lab/kept",
                left.form(),
                left.analysed(),
                left.draft(),
                left.shown(),
                left.layout(),
                left.details(),
                List.of()));

    beginAfresh(after);

    assertThat(after.session.checkpoint().get().folder()).isEqualTo(Path.of("/hub/kept"));
  }

  @Test
  void a_vanished_folder_gives_a_sentence_and_keeps_the_draft() {
    before.opening.open(Optional.of(folder.resolve("gone")));
    before.method.method().set(before.method.methods().get(1));
    before.method.analyse();
    before.draft.toggleLock(SubLayer.attention(2));
    before.workbench.session().write(record(before));

    reopen();

    assertThat(after.session.checkpoint().get().sample()).isTrue();
    assertThat(after.notices.sentences())
        .singleElement()
        .asString()
        .contains("“gone”", "no longer", folder.toString(), "/kept/draft.json");
    assertThat(after.workbench.session().kept().orElseThrow().state().locks().holds())
        .containsOnlyKeys(SubLayer.attention(2));
    assertThat(after.workbench.session().read().orElseThrow().checkpoint())
        .as("recorded from now on")
        .isEmpty();
  }

  @Test
  void a_checkpoint_that_cannot_be_opened_any_more_gives_its_sentence() throws Exception {
    Path model = Files.createDirectory(folder.resolve("model"));
    before.opening.open(Optional.of(model));
    SavedSession left = record(before);
    Path broken = Files.createDirectory(folder.resolve("broken"));
    after
        .workbench
        .session()
        .write(
            new SavedSession(
                Optional.of(broken),
                "broken",
                left.form(),
                left.analysed(),
                left.draft(),
                left.shown(),
                left.layout(),
                left.details(),
                List.of()));

    beginAfresh(after);

    assertThat(after.session.checkpoint().get().sample()).isTrue();
    assertThat(after.notices.sentences().get(0)).contains("no config.json", "/kept/draft.json");
  }

  @Test
  void a_damaged_session_is_told_and_never_stops_the_start() {
    before.workbench.session().failWith("The last session could not be read.");
    LastSession last = LastSession.read(before.workbench.session());
    before.workbench.session().failWith("");

    memory(before).begin(last);

    assertThat(before.notices.sentences()).containsExactly("The last session could not be read.");
    assertThat(before.session.checkpoint().get()).isNotNull();
    assertThat(before.workbench.session().read()).isPresent();
  }

  @Test
  void a_job_that_was_killed_is_offered_and_goes_on_with_the_same_settings() {
    beginAfresh(before);
    before.method.analyse();
    before.draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));
    before.draft.toggleLock(SubLayer.attention(2));
    before.putOffJobs();
    before.toolbar.prune();

    reopen();
    Notices.Offer offer = after.notices.offers().get(0);
    assertThat(offer.sentence()).contains("Prune flap 40 %");
    assertThat(after.session.runs()).as("nothing begins by itself").isEmpty();
    offer.work().run();

    Run run = after.session.shownRun().orElseThrow();
    assertThat(run.target().ratio()).isEqualTo(0.4);
    assertThat(run.locks()).isEqualTo(before.draft.state().get().locks());
    assertThat(after.workbench.session().read().orElseThrow().unfinished())
        .as("it is done")
        .isEmpty();
  }

  @Test
  void an_offer_that_is_turned_down_does_not_come_again() {
    beginAfresh(before);
    before.method.analyse();
    before.putOffJobs();
    before.toolbar.prune();

    reopen();
    after.notices.offers().get(0).dismissal().run();

    assertThat(after.workbench.session().read().orElseThrow().unfinished()).isEmpty();
  }

  @Test
  void what_other_programs_did_shows_when_the_window_comes_to_the_front() {
    WindowMemory memory = memory(after);
    memory.begin(LastSession.read(after.workbench.session()));
    Run run = before.pruned();
    after.workbench.keepSilently(run);
    assertThat(after.session.runs()).isEmpty();

    memory.cameToFront();

    assertThat(after.session.runs()).containsExactly(run);
  }

  @Test
  void a_full_disk_is_told_once() {
    beginAfresh(before);
    before.method.analyse();
    before.workbench.session().failWith("Cannot write window-1.json: no space left.");
    before.draft.toggleLock(SubLayer.attention(2));
    before.draft.toggleLock(SubLayer.attention(3));
    assertThat(before.notices.sentences())
        .containsExactly("Cannot write window-1.json: no space left.");

    before.workbench.session().failWith("");
    before.draft.toggleLock(SubLayer.attention(4));

    assertThat(before.workbench.session().read().orElseThrow().draft().state().locks().holds())
        .hasSize(3);
  }

  private static SavedSession record(Bench bench) {
    return new PresentSession(
            bench.session,
            bench.draft,
            bench.method,
            bench.opening,
            () -> SavedSession.Layout.UNKNOWN,
            details(bench),
            bench.unfinished)
        .saved()
        .orElseThrow();
  }
}
