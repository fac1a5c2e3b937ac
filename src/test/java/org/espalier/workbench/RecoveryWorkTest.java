package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.TensorFile;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.export.WeightFormat;
import org.espalier.pruning.PlanFile;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.recovery.RecoverySetting;
import org.espalier.recovery.RecoverySettings;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.workspace.RecoveredFrom;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a pruned run to a recovered one. */
class RecoveryWorkTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path TEXT = GOLDEN.resolve("heldout-windows.json");

  @TempDir Path folder;
  private LocalWorkbench workbench;
  private Run pruned;

  @BeforeEach
  void prune() throws Exception {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    OpenedCheckpoint opened =
        await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
    Analysis analysis =
        await(
            workbench.analyse(
                opened,
                new AnalysisRequest(
                    "flap",
                    Map.of(),
                    new CalibrationRequest(
                        Optional.of(GOLDEN.resolve("calibration-windows.json")), 16, 0, 0))));
    pruned =
        await(
            workbench.prune(
                analysis, new Target(0.5, RatioDefinition.PRUNABLE), Locks.NONE, "flap 50 %"));
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  private static RecoveryRequest request(String... changes) {
    Map<RecoverySetting, String> values = new EnumMap<>(RecoverySetting.class);
    values.put(RecoverySetting.STEPS, "10");
    values.put(RecoverySetting.BATCH, "8");
    values.put(RecoverySetting.CUTOFF, "64");
    values.put(RecoverySetting.VALIDATION, "32");
    values.put(RecoverySetting.EVALUATE_EVERY, "5");
    for (int i = 0; i < changes.length; i += 2) {
      values.put(RecoverySetting.valueOf(changes[i]), changes[i + 1]);
    }
    return new RecoveryRequest(
        RecoverySettings.of(values),
        RecoveryRequest.Kind.TEXT,
        Optional.of(TEXT),
        "recovered",
        Optional.empty(),
        false);
  }

  @Test
  void a_recovered_run_has_the_plan_of_the_pruned_one_and_says_where_it_comes_from()
      throws Exception {
    List<RecoveryPoint> points = new ArrayList<>();

    Run run = await(workbench.recover(pruned, "cpu", request(), points::add));

    assertThat(workbench.runs()).extracting(Run::name).containsExactly("flap 50 %", "recovered");
    assertThat(run.allocation()).isEqualTo(pruned.allocation());
    assertThat(run.checkpoint()).isEqualTo(pruned.checkpoint());
    assertThat(PlanFile.json(PlanFile.read(run.folder())))
        .isEqualTo(PlanFile.json(PlanFile.read(pruned.folder())));
    assertThat(points)
        .extracting(RecoveryPoint::step)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    RecoveredFrom from = run.recoveredFrom().orElseThrow();
    assertThat(from.runId()).isEqualTo(pruned.id());
    assertThat(from.looks()).extracting(RecoveredFrom.Look::step).containsExactly(0, 5, 10);
    assertThat(from.best().perplexity()).isLessThan(from.looks().get(0).perplexity());
    assertThat(from.settings()).containsEntry("steps", "10").containsEntry("rank", "16");

    EvaluationRequest evaluation = new EvaluationRequest(Optional.of(TEXT), 64, 32);
    double before = await(workbench.evaluate(pruned, "cpu", evaluation, point -> {})).perplexity();
    double after = await(workbench.evaluate(run, "cpu", evaluation, point -> {})).perplexity();
    assertThat(after).isLessThan(before);

    assertAdaptersAreWhatWasAdded(run);
    float[] recovered = logits(run.folder());
    assertThat(logits(pruned.folder())).isNotEqualTo(recovered);
    for (String target : List.of("transformers-per-layer", "anything")) {
      ExportSummary exported =
          await(
              workbench.export(
                  run, new ExportRequest(target, WeightFormat.F32, folder.resolve(target), false)));

      assertThat(logits(exported.folder()))
          .as("what was learned is in the weights of " + target)
          .containsExactly(recovered, within(1e-4f));
    }
  }

  /** The files of the PEFT library: W of the pruned run + alpha / r · B A = W of this run. */
  private void assertAdaptersAreWhatWasAdded(Run run) throws Exception {
    Path adapter = run.folder().resolve("adapter");
    JsonNode configuration =
        new ObjectMapper().readTree(adapter.resolve("adapter_config.json").toFile());
    assertThat(configuration.get("peft_type").asText()).isEqualTo("LORA");
    assertThat(configuration.get("base_model_name_or_path").asText())
        .isEqualTo(pruned.folder().toString());
    assertThat(configuration.get("target_modules"))
        .extracting(JsonNode::asText)
        .contains("q_proj", "down_proj");
    double scale = configuration.get("lora_alpha").asDouble() / configuration.get("r").asInt();
    Map<String, TensorInfo> factors =
        TensorFile.tensors(adapter.resolve("adapter_model.safetensors")).stream()
            .collect(Collectors.toMap(TensorInfo::name, tensor -> tensor));
    String module = "model.layers.4.mlp.down_proj";
    try (TensorFiles files = new TensorFiles();
        Checkpoint before = Checkpoint.open(pruned.folder());
        Checkpoint after = Checkpoint.open(run.folder());
        TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray low = files.view(factors.get("base_model.model." + module + ".lora_A.weight"));
      NDArray high = files.view(factors.get("base_model.model." + module + ".lora_B.weight"));
      NDArray old = files.view(before.tensors().get(module + ".weight"));
      NDArray expected = old.add(high.matMul(low).mul(scale));
      NDArray actual = files.view(after.tensors().get(module + ".weight"));

      assertThat(actual.sub(old).abs().max().getFloat()).as("something was learned").isPositive();
      assertThat(actual.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
    }
  }

  private static float[] logits(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      return decoder
          .logits(decoder.forward(scope.tokens(new int[] {5, 3, 41, 7, 90}), Progress.SILENT))
          .toFloatArray();
    }
  }

  @Test
  void a_cancelled_recovery_leaves_no_run_and_goes_on_when_asked_again() throws Exception {
    AtomicReference<Job<Run>> job = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    job.set(
        workbench.recover(
            pruned,
            "cpu",
            request(),
            point -> {
              try {
                known.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              if (point.step() == 3) {
                job.get().cancel();
              }
            }));
    known.countDown();
    assertThatThrownBy(() -> await(job.get())).hasCauseInstanceOf(CancelledException.class);
    assertThat(workbench.runs()).containsExactly(pruned);

    List<Double> seconds = new ArrayList<>();
    Run run =
        await(workbench.recover(pruned, "cpu", request(), point -> seconds.add(point.seconds())));

    assertThat(seconds).hasSize(11).isSorted();
    assertThat(run.recoveredFrom().orElseThrow().looks()).hasSize(3);
  }

  @Test
  void a_text_too_short_to_hold_anything_out_is_refused() {
    assertThatThrownBy(
            () -> await(workbench.recover(pruned, "cpu", request("VALIDATION", "256"), p -> {})))
        .hasMessageContaining("256 examples")
        .hasMessageContaining("too few to hold out 256");
  }
}
