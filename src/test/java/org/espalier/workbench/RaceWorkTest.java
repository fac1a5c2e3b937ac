package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Races between a small model and what was cut from it. */
class RaceWorkTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final int WINDOWS = 40;

  @TempDir Path folder;
  private LocalWorkbench workbench;
  private RaceRequest.Model dense;
  private RaceRequest.Model cut;

  @BeforeEach
  void open() throws Exception {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    OpenedCheckpoint opened =
        await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
    Analysis analysis =
        await(
            workbench.analyse(
                opened,
                new AnalysisRequest(
                    "magnitude", Map.of(), new CalibrationRequest(Optional.empty(), 0, 0, 0))));
    Run run =
        await(
            workbench.prune(
                analysis, new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE, "cut"));
    dense = new RaceRequest.Model("dense", opened.folder());
    cut = RaceRequest.Model.of(run);
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  private static EvaluationRequest text() {
    return new EvaluationRequest(Optional.of(GOLDEN.resolve("heldout-windows.json")), 0, WINDOWS);
  }

  private static RaceRequest request(RaceRequest.Model... models) {
    return new RaceRequest(List.of(models), "cpu", text());
  }

  @Test
  void the_better_model_is_found_before_the_last_window() throws Exception {
    List<RaceStanding> told = new ArrayList<>();

    RaceStanding end = await(workbench.race(request(cut, dense), told::add)).standing();

    assertThat(end.best()).hasValue(1);
    assertThat(end.decidedAfter()).isBetween(8, WINDOWS - 1).isEqualTo(end.window());
    assertThat(end.verdict()).startsWith("dense is better than cut, decided after ");
    assertThat(told).hasSize(end.window()).endsWith(end);
  }

  @Test
  void equal_models_read_all_windows_and_reach_the_perplexity_of_an_evaluation() throws Exception {
    RaceResult result = await(workbench.race(request(cut, cut), standing -> {}));

    assertThat(result.standing().verdict())
        .isEqualTo("No difference between cut and cut could be shown on 40 windows");
    PerplexityResult evaluated =
        await(workbench.evaluate(workbench.findRun("cut"), "cpu", text(), point -> {}));
    assertThat(result.standing().lanes().get(0).perplexity())
        .isCloseTo(evaluated.perplexity(), Percentage.withPercentage(1e-4));
    assertThat(result.protocol().textHash()).isNotEqualTo(evaluated.protocol().textHash());
    assertThat(result.protocol().description()).contains("windows in random order");
  }

  @Test
  void a_cancelled_race_goes_on_behind_its_finished_windows_to_the_same_result() throws Exception {
    List<RaceStanding> before = new ArrayList<>();
    Job<?>[] running = new Job<?>[1];
    Job<RaceResult> cancelled =
        workbench.race(
            request(cut, cut),
            standing -> {
              before.add(standing);
              while (running[0] == null) {
                Thread.onSpinWait();
              }
              if (standing.window() == 8) {
                running[0].cancel();
              }
            });
    running[0] = cancelled;
    assertThatThrownBy(() -> await(cancelled)).hasMessageContaining("cancelled");
    assertThat(before).hasSize(8);

    List<String> stages = new ArrayList<>();
    List<RaceStanding> after = new ArrayList<>();
    Job<RaceResult> job = workbench.race(request(cut, cut), after::add);
    try (Subscription watching = job.onChange(snapshot -> stages.add(snapshot.stage()))) {
      RaceResult resumed = await(job);
      assertThat(after).hasSize(WINDOWS).startsWith(before.toArray(RaceStanding[]::new));
      assertThat(stages).contains("Window 9 of 40, cut").doesNotContain("Window 1 of 40, cut");

      // What is known is told again, also after a model was renamed.
      List<RaceStanding> known = new ArrayList<>();
      RaceRequest.Model renamed = new RaceRequest.Model("other", cut.folder());
      RaceResult again = await(workbench.race(request(cut, renamed), known::add));
      assertThat(again.negativeLogLikelihoods()).isEqualTo(resumed.negativeLogLikelihoods());
      assertThat(again.seconds()).isEqualTo(resumed.seconds());
      assertThat(again.names()).containsExactly("cut", "other");
      assertThat(known).hasSize(WINDOWS);
    }
  }

  @Test
  void one_model_cannot_race() {
    assertThatThrownBy(() -> await(workbench.race(request(cut), standing -> {})))
        .hasMessageContaining("A race needs at least two models");
  }
}
