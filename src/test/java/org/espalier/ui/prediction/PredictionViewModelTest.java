package org.espalier.ui.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.espalier.allocation.Hold;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.prediction.PredictionViewModel.Stage;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class PredictionViewModelTest {
  private final Bench bench = new Bench();
  private final PredictionViewModel prediction =
      new PredictionViewModel(
          bench.workbench,
          bench.session,
          bench.draft,
          bench.measurements,
          bench.follower,
          bench.messages);

  private static final EvaluationRequest HELD_OUT = new EvaluationRequest(Optional.empty(), 0, 0);

  private void measured() {
    bench.analysed();
    prediction.measure();
  }

  private void remove(double ratio) {
    bench.draft.setTarget(new Target(ratio, RatioDefinition.PRUNABLE));
  }

  /** Measures the dense model and so many runs on the same text. */
  private void measureRuns(int count) {
    PerplexityResult dense =
        bench
            .workbench
            .evaluate(bench.session.checkpoint().get(), HELD_OUT, point -> {})
            .result()
            .join();
    bench.measurements.begin(Measurements.DENSE, "");
    bench.measurements.finish(Measurements.DENSE, dense);
    for (int i = 0; i < count; i++) {
      bench.session.shown().set(Shown.DRAFT);
      remove(0.1 + 0.04 * i);
      bench.toolbar.prune();
      Run run = bench.session.shownRun().orElseThrow();
      bench.workbench.evaluate(run, "cpu", HELD_OUT, point -> {}).result().join();
    }
    bench.session.shown().set(Shown.DRAFT);
  }

  @Test
  void the_time_is_told_before_prices_are_measured() {
    assertThat(prediction.stage().get()).isEqualTo(Stage.NOTHING);
    bench.analysed();

    assertThat(prediction.stage().get()).isEqualTo(Stage.UNMEASURED);
    assertThat(prediction.words().get().note()).contains("40 s");
    assertThat(prediction.prices().get()).isEmpty();
  }

  @Test
  void measured_prices_follow_the_draft() {
    measured();
    remove(0.2);
    double cheap = prediction.prices().get().get(SubLayer.feedForward(2));
    remove(0.4);

    assertThat(prediction.stage().get()).isEqualTo(Stage.MEASURED);
    assertThat(prediction.prices().get().get(SubLayer.feedForward(2))).isGreaterThan(cheap);
    assertThat(prediction.column().get().orElseThrow().of(SubLayer.feedForward(2))).isPresent();
    assertThat(prediction.words().get().headline()).startsWith("×2.1");
  }

  @Test
  void a_cancelled_measurement_can_be_asked_for_again() {
    bench.analysed();
    bench.putOffJobs();
    prediction.measure();
    assertThat(prediction.stage().get()).isEqualTo(Stage.MEASURING);

    prediction.cancel();
    bench.runJobs();

    assertThat(prediction.stage().get()).isEqualTo(Stage.UNMEASURED);
    prediction.measure();
    assertThat(prediction.stage().get()).isEqualTo(Stage.MEASURED);
  }

  @Test
  void equal_prices_solve_the_draft_anew_around_its_locks_and_can_be_taken_back() {
    measured();
    remove(0.4);
    bench.draft.setKept(SubLayer.attention(0), 4);
    var own = bench.draft.allocation().get();

    prediction.equalise(true);

    assertThat(prediction.equalised().get()).isTrue();
    assertThat(bench.draft.allocation().get()).isNotEqualTo(own);
    assertThat(bench.draft.allocation().get().kept(SubLayer.attention(0))).isEqualTo(4);
    assertThat(bench.draft.state().get().locks().of(SubLayer.attention(0)))
        .contains(Hold.handSet(4));
    // Channels of all blocks come to about the same price.
    double first = prediction.prices().get().get(SubLayer.feedForward(0));
    double last = prediction.prices().get().get(SubLayer.feedForward(2));
    assertThat(last).isCloseTo(first, within(0.1 * first));
    var priced = bench.draft.allocation().get();
    prediction.equalise(false);
    assertThat(bench.draft.allocation().get()).isEqualTo(own);

    assertThat(bench.draft.undoable().get()).isEqualTo("share by the method’s own rule");
    bench.draft.undo();
    assertThat(prediction.equalised().get()).isTrue();
    assertThat(bench.draft.allocation().get()).isEqualTo(priced);
    bench.draft.undo();
    assertThat(prediction.equalised().get()).isFalse();
    assertThat(bench.draft.allocation().get()).isEqualTo(own);
    bench.draft.redo();
    assertThat(bench.draft.allocation().get()).isEqualTo(priced);
    assertThat(bench.draft.saved().state().allocator()).isEqualTo("price");
  }

  @Test
  void equal_prices_stay_wished_for_when_the_model_is_analysed_again() {
    measured();
    prediction.equalise(true);
    bench.method.analyse();
    assertThat(prediction.equalised().get()).isTrue();
  }

  @Test
  void few_measured_runs_are_good_for_ranking_only_and_eight_give_a_band() {
    measured();
    measureRuns(3);
    assertThat(prediction.words().get().headline()).startsWith("about ").doesNotContain(" to ");
    assertThat(prediction.words().get().note()).contains("ranking only").contains("3 of 8");

    measureRuns(5);
    assertThat(prediction.words().get().headline()).startsWith("about ").contains(" to ");
    assertThat(prediction.words().get().note()).contains("8 measured runs");
  }

  @Test
  void says_nothing_outside_of_what_was_measured() {
    measured();
    remove(0.75);

    assertThat(prediction.words().get().headline()).isEqualTo("No prediction");
    assertThat(prediction.prices().get()).isEmpty();
  }

  @Test
  void says_nothing_for_methods_without_prices() {
    bench.opened();
    bench.method.methods().stream()
        .filter(method -> !method.needsCalibration())
        .findFirst()
        .ifPresent(bench.method.method()::set);
    bench.method.analyse();

    assertThat(prediction.stage().get()).isEqualTo(Stage.UNFITTED);
    assertThat(prediction.words().get().headline()).isEqualTo("No prediction");
  }
}
