package org.espalier.ui.runs;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.evaluation.PerplexityPoint;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.runs.RunsViewModel.Item;
import org.espalier.ui.session.Shown;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class RunsViewModelTest {
  private final Bench bench = new Bench();
  private final RunsViewModel runs =
      new RunsViewModel(
          bench.workbench,
          bench.session,
          bench.draft,
          bench.method,
          bench.measurements,
          bench.opening,
          bench.follower,
          bench.notices,
          bench.messages);

  private final TrashViewModel trash =
      new TrashViewModel(
          bench.workbench, bench.follower, bench.notices, bench.sheets, bench.messages);

  @Test
  void lists_the_draft_the_dense_model_and_every_run() {
    bench.pruned();

    assertThat(runs.items()).extracting(Item::name).containsExactly("draft", "dense", "flap 30 %");
    assertThat(runs.selected().get().name()).isEqualTo("flap 30 %");
  }

  @Test
  void names_of_further_runs_differ() {
    bench.pruned();
    bench.session.shown().set(Shown.DRAFT);
    bench.toolbar.prune();

    assertThat(runs.items().get(3).name()).isEqualTo("flap 30 % (2)");
  }

  @Test
  void selecting_a_line_shows_it() {
    bench.pruned();

    runs.selected().set(runs.items().get(1));

    assertThat(bench.session.shown().get()).isEqualTo(Shown.DENSE);
  }

  @Test
  void a_run_under_evaluation_shows_its_running_perplexity() {
    Run run = bench.pruned();
    bench.measurements.begin(run.id(), "").accept(new PerplexityPoint(1, 9, 2, 8.1234));

    bench.measurements.drain();

    assertThat(runs.items().get(2).columns().orElseThrow().perplexity()).isEqualTo("8.12…");
  }

  @Test
  void renames_and_deletes() {
    Run run = bench.pruned();

    runs.rename(run, " first try ");
    assertThat(runs.items().get(2).name()).isEqualTo("first try");

    runs.rename(run, "  ");
    assertThat(bench.notices.sentences()).singleElement().asString().contains("needs a name");

    trash.delete(run);
    assertThat(runs.items()).hasSize(2);
    assertThat(bench.session.shown().get()).as("the draft takes over").isEqualTo(Shown.DRAFT);
    assertThat(bench.notices.offers().get(0).sentence()).contains("is in the trash");

    bench.notices.offers().get(0).work().run();
    assertThat(runs.items()).hasSize(3);
  }

  @Test
  void deleted_runs_come_back_from_the_trash_until_it_is_emptied() {
    trash.delete(bench.pruned());
    bench.session.shown().set(Shown.DRAFT);
    bench.toolbar.prune();
    trash.delete(bench.session.shownRun().orElseThrow());
    trash.open();
    assertThat(trash.runs()).hasSize(2);
    assertThat(trash.describe(trash.runs().get(0))).startsWith("deleted ").contains("30.");

    trash.restore(trash.runs().get(0));
    assertThat(runs.items()).hasSize(3);
    trash.empty();
    trash.open();
    assertThat(trash.runs()).isEmpty();
  }

  @Test
  void notes_are_kept_with_the_run() {
    Run run = bench.pruned();

    runs.note(run, " drains block 3\nmeasure again ");

    assertThat(runs.items().get(2).notes()).isEqualTo("drains block 3\nmeasure again");
    assertThat(runs.items().get(2).protocol()).contains("measure again");
  }

  @Test
  void a_draft_takes_the_settings_of_a_run() {
    bench.analysed();
    bench.draft.toggleLock(SubLayer.attention(2));
    bench.toolbar.prune();
    Run run = bench.session.shownRun().orElseThrow();
    bench.session.shown().set(Shown.DRAFT);
    bench.method.method().set(bench.method.methods().get(1));
    bench.method.analyse();
    bench.draft.releaseAll();

    runs.duplicate(run);

    assertThat(bench.session.analysis().get().request().method()).isEqualTo("flap");
    assertThat(bench.draft.state().get().locks()).isEqualTo(run.locks());
    assertThat(bench.draft.name()).isEqualTo("settings of flap 30 %");
    assertThat(bench.session.shown().get()).isEqualTo(Shown.DRAFT);
  }

  @Test
  void settings_of_another_model_are_refused_in_words() {
    Run run = bench.pruned();
    bench.openedFolder("/models/other");

    runs.duplicate(run);

    assertThat(bench.notices.sentences()).singleElement().asString().contains("another model");
  }

  @Test
  void a_run_can_be_opened_as_a_checkpoint_and_leads_back_to_its_dense_model() {
    Run run = bench.pruned();

    runs.open(run);
    assertThat(bench.session.checkpoint().get().folder()).isEqualTo(run.folder());
    assertThat(runs.items()).extracting(Item::detail).anyMatch(detail -> detail.startsWith("of "));

    runs.openDense(run);
    assertThat(bench.session.checkpoint().get().folder()).isEqualTo(run.checkpoint());
  }
}
