package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several methods on one model under one protocol, through the real engine. */
class ComparisonTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Target TENTH = new Target(0.1, RatioDefinition.PRUNABLE);

  @TempDir Path folder;
  private LocalWorkbench workbench;
  private OpenedCheckpoint tiny;

  @BeforeEach
  void open() throws Exception {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    tiny = await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  private ComparisonRequest request(List<ComparisonEntry> entries) {
    return new ComparisonRequest(
        "Depth against width",
        "Whole blocks <against> narrower ones.",
        entries,
        new CalibrationRequest(Optional.of(GOLDEN.resolve("calibration-windows.json")), 8, 0, 0),
        new EvaluationRequest(Optional.of(GOLDEN.resolve("heldout-windows.json")), 0, 4),
        Optional.of("random"),
        Optional.empty(),
        Optional.of(folder.resolve("report")));
  }

  @Test
  void depth_and_width_compare_at_the_share_that_whole_blocks_reach() throws Exception {
    ComparisonResult result =
        await(
            workbench.compare(
                tiny,
                request(
                    ReadyComparison.DEPTH_AGAINST_WIDTH.entries(workbench.methods(), List.of(0.1))),
                row -> {}));

    assertThat(result.failures()).isEmpty();
    assertThat(result.rows()).hasSize(5);
    for (ComparisonRow row : result.rows()) {
      // One block of six, the nearest to 10 %.
      assertThat(row.run().ratios().prunable()).isBetween(0.16, 0.173);
      assertThat(row.perplexity().perplexity()).isGreaterThan(0.9 * result.dense().perplexity());
      assertThat(row.perplexity().protocol()).isEqualTo(result.dense().protocol());
    }
    assertThat(result.rows().get(0).remark().orElseThrow()).contains("1 of 6");
    assertThat(result.rows().get(2).run().method()).isEqualTo("flap");
    assertThat(result.table().rows()).hasSize(5);
    assertThat(Files.readString(result.report()))
        .contains("Depth against width", "&lt;against&gt;", "2ssp", "data:image/png");
    assertThat(folder.resolve("report/comparison.csv")).exists();
    assertThat(folder.resolve("report/trade-off.svg")).exists();
  }

  @Test
  void a_cancelled_comparison_goes_on_behind_its_last_finished_model() throws Exception {
    ComparisonRequest request =
        request(
            List.of(
                ComparisonEntry.of("first", "magnitude", TENTH),
                ComparisonEntry.of("second", "random", TENTH),
                ComparisonEntry.of("third", "flap", TENTH)));
    List<Job<ComparisonResult>> jobs = new ArrayList<>();
    Job<ComparisonResult> interrupted =
        workbench.compare(
            tiny,
            request,
            row -> {
              if (row.entry().label().equals("second")) {
                jobs.get(0).cancel();
              }
            });
    jobs.add(interrupted);
    assertThatThrownBy(() -> await(interrupted)).isNotNull();
    List<String> before = workbench.runs().stream().map(Run::id).toList();
    assertThat(before).hasSize(2);

    ComparisonResult result = await(workbench.compare(tiny, request, row -> {}));

    assertThat(result.rows().stream().map(row -> row.run().id()).toList())
        .hasSize(3)
        .startsWith(before.toArray(String[]::new));
    assertThat(workbench.runs()).hasSize(3);
  }

  @Test
  void a_model_that_cannot_be_pruned_is_told_and_the_others_go_on() throws Exception {
    Target impossible = new Target(1, RatioDefinition.PRUNABLE);

    ComparisonResult result =
        await(
            workbench.compare(
                tiny,
                request(
                    List.of(
                        ComparisonEntry.of("too much", "magnitude", impossible),
                        ComparisonEntry.of("as much", "random", TENTH).at(0),
                        ComparisonEntry.of("possible", "random", TENTH))),
                row -> {}));

    assertThat(result.rows()).hasSize(1);
    assertThat(result.failures()).hasSize(2);
    assertThat(result.failures().get(0)).startsWith("too much: ").contains("nearest feasible");
    assertThat(result.failures().get(1)).startsWith("as much: ");
    assertThat(Files.readString(result.report())).contains("Left out");
  }

  @Test
  void the_seed_of_an_entry_reaches_methods_that_draw() throws Exception {
    ComparisonEntry entry =
        new ComparisonEntry("random", "random", Map.of(), TENTH, OptionalInt.empty(), 7);

    ComparisonResult result = await(workbench.compare(tiny, request(List.of(entry)), row -> {}));

    assertThat(result.rows().get(0).run().parameters()).containsEntry("seed", "7");
  }

  @Test
  void all_methods_take_part_with_seeds_where_chance_decides_and_few_trials_where_they_search() {
    List<ComparisonEntry> entries =
        ReadyComparison.ALL_METHODS.entries(workbench.methods(), List.of(0.2, 0.5));

    assertThat(entries.stream().map(ComparisonEntry::method).distinct().toList())
        .isEqualTo(workbench.methods().stream().map(method -> method.name()).toList());
    assertThat(entries).hasSize(2 * (workbench.methods().size() + 2));
    assertThat(
            entries.stream()
                .filter(entry -> entry.method().equals("random"))
                .map(ComparisonEntry::seed))
        .containsExactly(0L, 1L, 2L, 0L, 1L, 2L);
    assertThat(entries.stream().filter(entry -> entry.method().equals("adapruner")))
        .hasSize(2)
        .allMatch(entry -> entry.parameters().equals(Map.of("trials", "20")));
  }

  @Test
  void the_first_model_of_a_method_is_timed_as_if_nothing_were_known() throws Exception {
    Target fifth = new Target(0.2, RatioDefinition.PRUNABLE);
    ComparisonResult result =
        await(
            workbench.compare(
                tiny,
                request(
                    List.of(
                        ComparisonEntry.of("flap", "flap", TENTH),
                        ComparisonEntry.of("2ssp", "2ssp", TENTH),
                        ComparisonEntry.of("flap", "flap", fifth))),
                row -> {}));

    assertThat(result.rows().stream().map(row -> row.effort().statisticsReused()))
        .containsExactly(false, false, true);
    assertThat(result.rows())
        .allSatisfy(
            row -> {
              assertThat(row.effort().analysisSeconds()).isPositive();
              assertThat(row.effort().peakMemoryBytes())
                  .isGreaterThanOrEqualTo(row.run().peakMemoryBytes())
                  .isGreaterThanOrEqualTo(row.effort().memoryBeforeBytes());
            });
    int analysis = result.table().columns().indexOf("analysis");
    assertThat(result.table().rows().get(2).get(analysis)).isEqualTo("reused");
    assertThat(result.table().rows().get(1).get(analysis)).isNotEqualTo("reused");
    assertThat(Files.readString(result.report())).contains("as if nothing were known");
  }

  @Test
  void the_report_says_which_method_does_not_beat_random() throws Exception {
    ComparisonResult result =
        await(
            workbench.compare(
                tiny,
                request(
                    List.of(
                        ComparisonEntry.of("flap", "flap", TENTH),
                        ComparisonEntry.of("chance", "random", TENTH).seeded(0),
                        ComparisonEntry.of("chance", "random", TENTH).seeded(1))),
                row -> {}));

    double random =
        Math.sqrt(
            result.rows().get(1).perplexity().perplexity()
                * result.rows().get(2).perplexity().perplexity());
    boolean beaten = result.rows().get(0).perplexity().perplexity() < random;
    assertThat(result.conclusions())
        .hasSize(1)
        .first()
        .asString()
        .startsWith(beaten ? "At 10 % every method beats random" : "At 10 % not better than random")
        .contains("mean of 2 seeds");
    assertThat(result.table().columns()).contains("to random");
    assertThat(Files.readString(result.report())).contains(result.conclusions().get(0));
  }
}
