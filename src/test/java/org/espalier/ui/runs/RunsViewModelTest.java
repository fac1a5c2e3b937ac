package org.espalier.ui.runs;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.evaluation.PerplexityPoint;
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
          bench.measurements,
          bench.opening,
          bench.follower,
          bench.notices,
          bench.messages);

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

    assertThat(runs.items().get(2).perplexity()).isEqualTo("8.12…");
  }

  @Test
  void renames_and_deletes() {
    Run run = bench.pruned();

    runs.rename(run, " first try ");
    assertThat(runs.items().get(2).name()).isEqualTo("first try");

    runs.rename(run, "  ");
    assertThat(bench.notices.sentences()).singleElement().asString().contains("needs a name");

    runs.delete(run);
    assertThat(runs.items()).hasSize(2);
    assertThat(bench.session.shown().get()).as("the draft takes over").isEqualTo(Shown.DRAFT);
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
