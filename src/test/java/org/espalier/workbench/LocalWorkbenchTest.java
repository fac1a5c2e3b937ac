package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.export.WeightFormat;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on a small trained model, from opening to measuring, through the real engine. */
class LocalWorkbenchTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path TINY = GOLDEN.resolve("models/tiny-mha");
  private static final Target TWENTY = new Target(0.2, RatioDefinition.PRUNABLE);

  @TempDir Path folder;
  private LocalWorkbench workbench;

  @BeforeEach
  void open() {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  private OpenedCheckpoint tiny() throws Exception {
    return await(workbench.open(Optional.of(TINY), "cpu"));
  }

  private static AnalysisRequest flap(String variant) {
    return new AnalysisRequest(
        "flap",
        Map.of("variant", variant, "metric", "WIFV", "structure", "AL-AM"),
        new CalibrationRequest(Optional.of(GOLDEN.resolve("calibration-windows.json")), 0, 0, 0));
  }

  private static EvaluationRequest heldOut(int windows) {
    return new EvaluationRequest(Optional.of(GOLDEN.resolve("heldout-windows.json")), 0, windows);
  }

  @Test
  void an_opened_checkpoint_tells_its_shape() throws Exception {
    OpenedCheckpoint opened = tiny();

    assertThat(opened.family()).isEqualTo("llama");
    assertThat(opened.model().totalParameters()).isEqualTo(1_318_528);
    assertThat(opened.model().blocks()).hasSize(6);
    assertThat(opened.hasTokenizer()).isFalse();
    assertThat(opened.sample()).isFalse();
  }

  @Test
  void the_published_flap_gives_the_published_perplexity_before_and_after() throws Exception {
    OpenedCheckpoint opened = tiny();
    Analysis analysis = await(workbench.analyse(opened, flap("official")));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "flap 20 %"));
    List<PerplexityPoint> points = new ArrayList<>();
    PerplexityResult dense = await(workbench.evaluate(opened, heldOut(0), points::add));
    PerplexityResult pruned = await(workbench.evaluate(run, "cpu", heldOut(0), point -> {}));

    assertThat(dense.perplexity()).isCloseTo(6.169424533843994, within(6e-5));
    assertThat(pruned.perplexity()).isCloseTo(6.650302886962891, within(6e-5));
    assertThat(points).hasSize(256);
    assertThat(run.allocation().keptHeadGroups()).containsExactly(8, 6, 8, 7, 8, 5);
    assertThat(run.parametersBefore()).isEqualTo(1_318_528);
    assertThat(workbench.runs()).hasSize(1);
    assertThat(workbench.findRun("flap 20 %").perplexities()).hasSize(1);
  }

  @Test
  void a_run_opens_like_any_checkpoint_and_scores_the_same() throws Exception {
    Analysis analysis = await(workbench.analyse(tiny(), flap("corrected")));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "run"));

    OpenedCheckpoint reopened = await(workbench.open(Optional.of(run.folder()), "cpu"));

    assertThat(Allocation.dense(reopened.model())).isEqualTo(run.allocation());
    assertThat(reopened.model().totalParameters()).isEqualTo(run.parametersAfter());
    double asRun = await(workbench.evaluate(run, "cpu", heldOut(16), point -> {})).perplexity();
    assertThat(await(workbench.evaluate(reopened, heldOut(16), point -> {})).perplexity())
        .isEqualTo(asRun);
  }

  @Test
  void hidden_channels_go_from_the_whole_model_and_a_stock_class_holds_the_rest() throws Exception {
    OpenedCheckpoint opened = tiny();
    Analysis analysis = await(workbench.analyse(opened, channels("param_first")));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "narrow"));
    Run again = workbench.findRun("narrow");
    OpenedCheckpoint reopened = await(workbench.open(Optional.of(run.folder()), "cpu"));

    assertThat(again.allocation()).isEqualTo(analysis.allocate(TWENTY, Locks.NONE));
    assertThat(again.allocation().keptHidden()).hasValue(102);
    assertThat(again.ratios().prunable()).isCloseTo(0.2, within(0.005));
    assertThat(again.ratios().total()).isCloseTo(0.2, within(0.005));
    assertThat(reopened.hiddenSize()).isEqualTo(102);
    assertThat(reopened.model().totalParameters())
        .isEqualTo(run.parametersAfter())
        .isEqualTo(analysis.budget(run.allocation(), 64).parameters());
    double pruned = await(workbench.evaluate(again, "cpu", heldOut(16), point -> {})).perplexity();
    double chance = perplexity(opened, "random");
    assertThat(pruned).isBetween(6.0, chance);

    Path stock = folder.resolve("stock");
    await(
        workbench.export(again, new ExportRequest("transformers", WeightFormat.F32, stock, false)));
    JsonNode config = new ObjectMapper().readTree(stock.resolve("config.json").toFile());
    assertThat(config.get("hidden_size").asInt()).isEqualTo(102);
    assertThat(config.get("head_dim").asInt()).isEqualTo(16);
    assertThat(config.get("num_attention_heads").asInt()).isEqualTo(8);
    assertThat(config.get("intermediate_size").asInt()).isEqualTo(344);
  }

  private double perplexity(OpenedCheckpoint opened, String importance) throws Exception {
    Analysis analysis = await(workbench.analyse(opened, channels(importance)));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, importance));
    return await(workbench.evaluate(run, "cpu", heldOut(16), point -> {})).perplexity();
  }

  private static AnalysisRequest channels(String importance) {
    return new AnalysisRequest(
        "llm-pruner",
        Map.of("structure", "channels", "importance", importance),
        new CalibrationRequest(Optional.of(GOLDEN.resolve("calibration-windows.json")), 0, 0, 0));
  }

  @Test
  void locked_sub_layers_are_pruned_exactly_as_shown() throws Exception {
    OpenedCheckpoint opened = tiny();
    Analysis analysis = await(workbench.analyse(opened, flap("corrected")));
    Locks locks =
        Locks.NONE
            .with(SubLayer.attention(3), Hold.locked(8))
            .with(SubLayer.feedForward(3), Hold.locked(344))
            .with(SubLayer.feedForward(0), Hold.handSet(100));

    Run run = await(workbench.prune(analysis, TWENTY, locks, "locked"));

    assertThat(run.allocation()).isEqualTo(analysis.allocate(TWENTY, locks));
    assertThat(run.allocation().kept(SubLayer.attention(3))).isEqualTo(8);
    assertThat(run.allocation().kept(SubLayer.feedForward(3))).isEqualTo(344);
    assertThat(run.allocation().kept(SubLayer.feedForward(0))).isEqualTo(100);
    assertThat(run.ratios().prunable()).isCloseTo(0.2, within(0.01));
  }

  @Test
  void another_method_parameter_needs_no_second_pass_with_text() throws Exception {
    OpenedCheckpoint opened = tiny();
    await(workbench.analyse(opened, flap("official")));
    List<String> stages = new ArrayList<>();
    Job<Analysis> again =
        workbench.analyse(
            opened,
            new AnalysisRequest(
                "flap", Map.of("metric", "WIFN", "structure", "UL-UM"), flap("").calibration()));
    again.onChange(snapshot -> stages.add(snapshot.stage()));
    await(again);

    assertThat(stages).noneMatch(stage -> stage.startsWith("Measuring block"));
  }

  @Test
  void an_infeasible_wish_fails_in_words_and_writes_nothing() throws Exception {
    Analysis analysis = await(workbench.analyse(tiny(), flap("corrected")));
    Locks locks = Locks.NONE;
    for (int block = 0; block < 6; block++) {
      locks = locks.with(SubLayer.feedForward(block), Hold.locked(344));
    }
    Job<Run> job =
        workbench.prune(analysis, new Target(0.9, RatioDefinition.PRUNABLE), locks, "too much");

    assertThatThrownBy(() -> await(job)).hasCauseInstanceOf(EspalierException.class);
    assertThat(job.snapshot().failure().orElseThrow()).contains("nearest");
    assertThat(workbench.runs()).isEmpty();
  }

  @Test
  void a_run_in_a_folder_of_its_own_refuses_to_replace_anything_unasked() throws Exception {
    Analysis analysis = await(workbench.analyse(tiny(), flap("corrected")));
    Path out = folder.resolve("out");
    PruneRequest request = new PruneRequest(TWENTY, Locks.NONE, "out", Optional.of(out), false);
    await(workbench.prune(analysis, request));

    assertThat(out.resolve("plan.json")).exists();
    assertThatThrownBy(() -> await(workbench.prune(analysis, request)))
        .hasMessageContaining(out.toString());
    assertThat(
            await(
                    workbench.prune(
                        analysis,
                        new PruneRequest(TWENTY, Locks.NONE, "again", Optional.of(out), true)))
                .folder())
        .isEqualTo(out.toAbsolutePath());
  }

  @Test
  void sequential_methods_prune_by_what_pruned_blocks_give() throws Exception {
    AnalysisRequest request =
        new AnalysisRequest("wanda-sp", Map.of("variant", "official"), flap("").calibration());
    Analysis analysis = await(workbench.analyse(tiny(), request));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "wanda"));

    assertThat(await(workbench.evaluate(run, "cpu", heldOut(0), point -> {})).perplexity())
        .isCloseTo(6.287314414978027, within(6e-5));
  }

  @Test
  void speed_is_measured_in_turns_and_kept_with_the_run() throws Exception {
    OpenedCheckpoint opened = tiny();
    Analysis analysis = await(workbench.analyse(opened, flap("corrected")));
    Run run =
        await(
            workbench.prune(
                analysis, new Target(0.5, RatioDefinition.PRUNABLE), Locks.NONE, "half"));

    SpeedRequest request = new SpeedRequest(2, 16, 8, 1, 3);
    SpeedComparison speed = await(workbench.measureSpeed(opened, run, request));

    assertThat(speed.dense().decodeTokensPerSecond()).isPositive();
    assertThat(speed.decode().low()).isLessThanOrEqualTo(speed.decode().high());
    assertThat(workbench.findRun("half").speed()).contains(speed);
    PerplexityResult perplexity = await(workbench.evaluate(run, "cpu", heldOut(4), point -> {}));
    Orders orders = workbench.orders(run);
    assertThat(orders.speed().map(SpeedRequest::of)).contains(request);
    EvaluationRequest again =
        EvaluationRequest.of(orders.perplexity(perplexity.protocol()).orElseThrow());
    assertThat(again.again()).isTrue();
    assertThat(
            await(workbench.evaluate(run, "cpu", again, point -> {}))
                .windowNegativeLogLikelihoods())
        .isEqualTo(perplexity.windowNegativeLogLikelihoods());
  }

  @Test
  void a_uniform_run_exports_as_a_stock_checkpoint_that_opens_again() throws Exception {
    AnalysisRequest uniform =
        new AnalysisRequest(
            "flap", Map.of("variant", "official", "structure", "UL-UM"), flap("").calibration());
    Analysis analysis = await(workbench.analyse(tiny(), uniform));
    Run run =
        await(
            workbench.prune(
                analysis, new Target(0.5, RatioDefinition.PRUNABLE), Locks.NONE, "uniform"));
    Path out = folder.resolve("stock");

    ExportSummary summary =
        await(
            workbench.export(run, new ExportRequest("transformers", WeightFormat.F32, out, false)));

    assertThat(summary.proof().largestLogitDifference()).isLessThan(1e-4);
    OpenedCheckpoint reopened = await(workbench.open(Optional.of(out), "cpu"));
    assertThat(reopened.family()).isEqualTo("llama");
    assertThat(Allocation.dense(reopened.model())).isEqualTo(run.allocation());
    assertThat(await(workbench.evaluate(reopened, heldOut(16), point -> {})).perplexity())
        .isCloseTo(
            await(workbench.evaluate(run, "cpu", heldOut(16), point -> {})).perplexity(),
            within(1e-4));
  }

  @Test
  void widths_that_differ_are_refused_by_the_stock_target_with_the_alternative() throws Exception {
    Analysis analysis = await(workbench.analyse(tiny(), flap("corrected")));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "ragged"));
    Path out = folder.resolve("stock");

    assertThatThrownBy(
            () ->
                await(
                    workbench.export(
                        run, new ExportRequest("transformers", WeightFormat.F32, out, false))))
        .hasMessageContaining("transformers-per-layer");
    assertThat(out).doesNotExist();
  }

  @Test
  void text_without_a_tokenizer_is_explained() throws Exception {
    Path text = Files.writeString(folder.resolve("text.txt"), "Once upon a time.");
    Job<PerplexityResult> job =
        workbench.evaluate(tiny(), new EvaluationRequest(Optional.of(text), 8, 0), point -> {});

    assertThatThrownBy(() -> await(job))
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining("token windows");
  }

  @Test
  void a_cancelled_evaluation_keeps_every_window_that_it_told() throws Exception {
    OpenedCheckpoint opened = tiny();
    CompletableFuture<Job<PerplexityResult>> job = new CompletableFuture<>();
    List<PerplexityPoint> told = new ArrayList<>();
    job.complete(
        workbench.evaluate(
            opened,
            heldOut(0),
            point -> {
              told.add(point);
              job.join().cancel();
            }));

    assertThatThrownBy(() -> await(job.join())).hasRootCauseInstanceOf(CancelledException.class);

    List<JsonNode> kept = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("workspace/journals"))) {
      for (Path file : files.filter(path -> path.endsWith("journal.jsonl")).toList()) {
        List<String> lines = Files.readAllLines(file);
        for (String line : lines.subList(1, lines.size())) {
          new ObjectMapper().readTree(line).forEach(kept::add);
        }
      }
    }
    assertThat(kept).isNotEmpty().hasSameSizeAs(told);
  }

  @Test
  void a_number_measured_on_the_calibration_text_carries_a_warning() throws Exception {
    Analysis analysis = await(workbench.analyse(tiny(), flap("official")));
    Run run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "run"));
    EvaluationRequest calibrated =
        new EvaluationRequest(Optional.of(GOLDEN.resolve("calibration-windows.json")), 0, 8);

    assertThat(await(workbench.evaluate(run, "cpu", calibrated, point -> {})).warnings())
        .containsExactly(
            "100 % of the evaluated text is in the calibration text calibration-windows.json too,"
                + " so the number flatters this run");
    assertThat(await(workbench.evaluate(run, "cpu", heldOut(8), point -> {})).warnings()).isEmpty();
    assertThat(await(workbench.evaluate(tiny(), calibrated, point -> {})).warnings()).isEmpty();
    assertThat(workbench.findRun("run").perplexities().get(0).warnings()).hasSize(1);
  }

  @Test
  void the_same_checkpoint_under_the_same_protocol_is_measured_once() throws Exception {
    OpenedCheckpoint opened = tiny();
    PerplexityResult first = await(workbench.evaluate(opened, heldOut(12), point -> {}));
    List<PerplexityPoint> points = new ArrayList<>();
    List<JobSnapshot> steps = new ArrayList<>();
    Job<PerplexityResult> again = workbench.evaluate(opened, heldOut(12), points::add);
    again.onChange(steps::add);

    assertThat(await(again)).isEqualTo(first);
    assertThat(points).hasSize(12);
    assertThat(points.get(11).perplexity()).isEqualTo(first.perplexity());
    assertThat(steps).extracting(JobSnapshot::stage).noneMatch(s -> s.contains("window"));
    assertThat(await(workbench.evaluate(opened, heldOut(11), point -> {})).windows()).isEqualTo(11);
  }
}
