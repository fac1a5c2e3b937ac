package org.espalier.ui.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.report.heatmap.Overlay;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.prediction.PredictionViewModel;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Destination;
import org.espalier.workspace.Run;
import org.espalier.workspace.SavedDraft;
import org.junit.jupiter.api.Test;

class DestinationViewModelTest {
  private final Bench bench = new Bench();
  private final PredictionViewModel prediction =
      new PredictionViewModel(
          bench.workbench,
          bench.session,
          bench.draft,
          bench.measurements,
          bench.follower,
          bench.messages);
  private final ObjectProperty<Optional<Overlay>> overlay =
      new SimpleObjectProperty<>(Optional.empty());
  private final DestinationViewModel destination =
      new DestinationViewModel(
          bench.workbench,
          bench.session,
          bench.draft,
          prediction,
          overlay,
          bench.follower,
          bench.messages);

  private void choose(String target) {
    destination
        .place()
        .set(
            destination.places().stream()
                .filter(place -> place.target().equals(target))
                .findFirst()
                .orElseThrow());
  }

  private Allocation kept() {
    return bench.draft.allocation().get();
  }

  @Test
  void begins_undecided_and_offers_every_export_target() {
    bench.analysed();

    assertThat(destination.places().stream().map(DestinationViewModel.Place::target))
        .containsExactly("", "hf-stock", "hf");
    assertThat(destination.words().get()).isEmpty();
    assertThat(destination.cost().get().headline()).isEmpty();
    assertThat(bench.draft.free()).isEmpty();
  }

  @Test
  void a_choice_re_solves_the_draft_at_once_and_proposes_the_free_one_beside_it() {
    bench.analysed();
    Allocation free = kept();
    choose("hf-stock");

    assertThat(destination.words().get()).contains("equal widths in all blocks");
    assertThat(new HashSet<>(kept().keptChannels())).hasSize(1);
    assertThat(bench.draft.free()).contains(free);
    assertThat(overlay.get().map(Overlay::kept)).contains(free);
    assertThat(destination.cost().get().measurable()).isTrue();

    assertThat(destination.comparable().get()).isTrue();

    destination.both().set(false);
    assertThat(overlay.get()).isEmpty();
    destination.both().set(true);
    bench.draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));
    assertThat(overlay.get().map(Overlay::kept)).isEqualTo(bench.draft.free());

    choose("");
    assertThat(destination.comparable().get()).isFalse();
    assertThat(bench.draft.free()).isEmpty();
    assertThat(overlay.get()).isEmpty();
    assertThat(new HashSet<>(kept().keptChannels())).hasSizeGreaterThan(1);
  }

  @Test
  void a_choice_before_the_analysis_holds_for_it() {
    bench.opened();
    choose("hf-stock");
    assertThat(destination.words().get()).startsWith("Analyse");

    bench.method.analyse();

    assertThat(new HashSet<>(kept().keptChannels())).hasSize(1);
    assertThat(bench.session.analysis().get().request().destination())
        .isEqualTo(new Destination("hf-stock", 1));
  }

  @Test
  void another_comparison_takes_the_place_of_the_free_draft() {
    bench.analysed();
    choose("hf-stock");
    Overlay other = new Overlay("a snapshot", kept());
    overlay.set(Optional.of(other));
    bench.draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));

    assertThat(overlay.get()).contains(other);
    assertThat(destination.both().get()).isFalse();
  }

  @Test
  void the_cost_is_predicted_by_prices_and_measured_when_asked() {
    bench.analysed();
    choose("hf-stock");
    assertThat(destination.cost().get().headline()).startsWith("Price not measured");
    prediction.measure();
    assertThat(destination.cost().get().headline()).startsWith("Predicted perplexity ×");

    destination.measure();

    assertThat(destination.cost().get().headline()).isEqualTo("7.60, any widths 7.10 (+7.0 %)");
    assertThat(destination.cost().get().note()).contains("16 windows");
    assertThat(destination.cost().get().measurable()).isFalse();

    bench.draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));
    assertThat(destination.cost().get().headline()).startsWith("Predicted perplexity ×");
    bench.draft.undo();
    assertThat(destination.cost().get().headline()).contains("7.60");
  }

  @Test
  void prices_stay_when_the_place_changes() {
    bench.analysed();
    prediction.measure();
    choose("hf-stock");

    assertThat(prediction.stage().get()).isEqualTo(PredictionViewModel.Stage.MEASURED);
  }

  @Test
  void a_refused_place_says_why_and_the_old_one_stands() {
    bench.analysed();
    choose("hf-stock");
    bench.workbench.refuseDestinations("The target hf takes no width of this model.");
    choose("hf");

    assertThat(destination.refusal().get()).contains("takes no width");
    assertThat(destination.place().get().target()).isEqualTo("hf-stock");
    assertThat(bench.session.destination().get().target()).isEqualTo("hf-stock");
  }

  @Test
  void a_price_is_remembered_for_each_place() {
    bench.analysed();
    choose("hf-stock");
    destination.measure();
    choose("hf");
    assertThat(destination.cost().get().headline()).startsWith("Price not measured");

    choose("hf-stock");

    assertThat(destination.cost().get().headline()).startsWith("7.60");
    assertThat(destination.comparable().get()).isTrue();
  }

  @Test
  void a_shown_run_that_cannot_go_there_is_told() {
    Run run = bench.pruned();
    choose("hf-stock");
    bench.session.shown().set(Shown.run(run));

    assertThat(destination.refusal().get())
        .isEqualTo(
            run.name() + " as it stands: The blocks have different widths; choose the target hf.");

    choose("hf");
    bench.session.shown().set(Shown.run(run));
    assertThat(destination.refusal().get()).isEmpty();
  }

  @Test
  void a_choice_is_undone_and_redone_like_every_other_edit() {
    bench.analysed();
    Allocation free = kept();
    choose("hf-stock");
    destination.multiple().set(32);
    Allocation fitted = kept();
    assertThat(bench.draft.undoable().get()).contains("multiples of 32");

    bench.draft.undo();
    bench.draft.undo();

    assertThat(destination.place().get().target()).isEmpty();
    assertThat(bench.session.destination().get()).isEqualTo(Destination.ANYWHERE);
    assertThat(kept()).isEqualTo(free);
    assertThat(bench.draft.history().get().steps()).hasSize(3);

    bench.draft.redo();
    bench.draft.redo();

    assertThat(destination.multiple().get()).isEqualTo(32);
    assertThat(bench.session.analysis().get().request().destination())
        .isEqualTo(new Destination("hf-stock", 32));
    assertThat(kept()).isEqualTo(fitted);
    assertThat(bench.draft.redoable().get()).isEmpty();
  }

  @Test
  void a_draft_from_a_file_brings_its_place_along() {
    bench.analysed();
    choose("hf-stock");
    SavedDraft saved = bench.draft.saved();
    choose("");

    bench.draft.open(saved);

    assertThat(destination.place().get().target()).isEqualTo("hf-stock");
    assertThat(new HashSet<>(kept().keptChannels())).hasSize(1);
  }

  @Test
  void a_wish_that_is_refused_when_it_is_redone_says_why() {
    bench.analysed();
    choose("hf-stock");
    bench.draft.undo();
    bench.workbench.refuseDestinations("The target hf-stock takes no width of this model.");

    bench.draft.redo();

    assertThat(destination.refusal().get()).contains("takes no width");
    assertThat(destination.place().get().target()).isEmpty();
    assertThat(bench.draft.history().get().steps()).hasSize(2);
  }

  @Test
  void hand_set_rows_snap_to_what_the_place_takes() {
    bench.analysed();
    destination.multiple().set(32);
    choose("hf-stock");
    SubLayer subLayer = SubLayer.feedForward(2);
    int before = kept().kept(subLayer);
    assertThat(before % 32).isZero();

    bench.draft.stepKept(subLayer, 1);
    assertThat(heldAt(subLayer)).isEqualTo(before + 32);

    bench.draft.setKept(subLayer, 331);
    assertThat(heldAt(subLayer)).isEqualTo(320);
    assertThat(bench.draft.nearestFeasible()).as("equal widths follow the row").isPresent();
  }

  private int heldAt(SubLayer subLayer) {
    return bench.draft.state().get().locks().of(subLayer).orElseThrow().keptUnits();
  }
}
