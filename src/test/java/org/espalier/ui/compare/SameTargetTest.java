package org.espalier.ui.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.pruning.MethodDescription;
import org.espalier.report.heatmap.Overlay;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.evaluation.EvaluationViewModel;
import org.espalier.ui.evaluation.TaskMeasurements;
import org.espalier.ui.evaluation.TasksViewModel;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Shown;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class SameTargetTest {
  private final Bench bench = new Bench();
  private final ObjectProperty<Optional<Overlay>> overlay =
      new SimpleObjectProperty<>(Optional.empty());
  private final SameTarget sameTarget =
      new SameTarget(
          bench.workbench,
          bench.session,
          bench.method,
          new EvaluationViewModel(
              bench.workbench,
              bench.session,
              bench.measurements,
              bench.follower,
              bench.notices,
              bench.sheets,
              bench.picker,
              new TasksViewModel(
                  bench.workbench,
                  bench.session,
                  new TaskMeasurements(bench.executor),
                  bench.follower,
                  bench.picker,
                  bench.messages),
              bench.messages),
          overlay,
          bench.follower,
          bench.notices,
          bench.sheets,
          bench.messages);

  @Test
  void another_method_prunes_to_the_same_target_without_locks_and_is_laid_over_the_shown_run() {
    bench.analysed();
    bench.draft.toggleLock(SubLayer.attention(0));
    bench.toolbar.prune();
    Run shown = bench.session.shownRun().orElseThrow();

    sameTarget.start(magnitude());

    assertThat(bench.session.runs()).hasSize(2);
    Run other = bench.session.runs().get(1);
    assertThat(other.method()).isEqualTo("magnitude");
    assertThat(other.target()).isEqualTo(shown.target());
    assertThat(other.locks().holds()).isEmpty();
    assertThat(bench.session.shownRun().map(Run::id)).contains(shown.id());
    assertThat(overlay.get().map(Overlay::name)).contains(other.name());
  }

  @Test
  void both_are_measured_and_the_comparison_is_one_click_away() {
    Run shown = bench.pruned();

    sameTarget.start(magnitude());

    assertThat(bench.measurements.curve(shown.id(), Optional.empty())).isPresent();
    assertThat(bench.measurements.curve(bench.session.runs().get(1).id(), Optional.empty()))
        .isPresent();
    Notices.Offer offer = bench.notices.offers().get(0);
    assertThat(offer.sentence()).contains("magnitude 30 %", "flap 30 %");
    offer.work().run();
    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.COMPARISON);
  }

  @Test
  void a_draft_has_nothing_to_hold_another_run_against() {
    bench.pruned();
    bench.session.shown().set(Shown.DRAFT);

    assertThat(sameTarget.shown()).isEmpty();
    sameTarget.start(magnitude());
    assertThat(bench.session.runs()).hasSize(1);
  }

  private MethodDescription magnitude() {
    return bench.method.methods().stream()
        .filter(method -> method.name().equals("magnitude"))
        .findFirst()
        .orElseThrow();
  }
}
