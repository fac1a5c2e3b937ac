package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.DType;
import org.espalier.corpus.TokenWindows;
import org.espalier.corpus.TrainingExamples;
import org.espalier.export.ExportOptions;
import org.espalier.export.ExportTarget;
import org.espalier.export.ExportTargets;
import org.espalier.export.ModelOutline;
import org.espalier.export.PrunedModel;
import org.espalier.export.WeightFormat;
import org.espalier.recovery.LowRankRecovery;
import org.espalier.recovery.RecoveryOutcome;
import org.espalier.recovery.RecoverySetting;
import org.espalier.recovery.RecoverySettings;
import org.espalier.recovery.TrainingCheckpoints;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.Families;
import org.espalier.transformer.Family;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What pruning and export promise for every golden model of every family. Logits and greedy ids are
 * held against the reference where the decoder and the generator are tested; every method is run on
 * every family in {@link MethodContractTest}.
 */
class FamilyContractTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/families");
  private static final int[] TEXT =
      IntStream.range(0, 40).map(i -> 3 + (i * i * 7 + i) % 250).toArray();

  @TempDir Path folder;

  static List<String> models() throws IOException {
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      return folders.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void every_family_has_a_golden_model() throws IOException {
    List<String> proved = new ArrayList<>();
    for (String model : models()) {
      try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model))) {
        proved.add(checkpoint.configuration().get("model_type").asText());
      }
    }
    assertThat(proved).containsAll(Families.all().stream().map(Family::modelType).toList());
  }

  @Test
  void an_unknown_family_is_named_beside_those_that_are_supported() {
    var configuration = JsonNodeFactory.instance.objectNode().put("model_type", "mamba");

    assertThatThrownBy(() -> Families.of(Path.of("config.json"), configuration))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("'mamba'")
        .hasMessageContaining("llama, mistral, qwen2, qwen3, phi3, gemma2, gemma3_text");
  }

  @ParameterizedTest
  @MethodSource("models")
  void compensation_adds_to_the_output_projection_before_any_norm_behind_it(String model) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      Plan plan = removingAttentionOf(1, decoder.config());
      Decoder masked =
          decoder.withBlocks(new MaskedBlocks(decoder.blocks(), plan, decoder.config().headSize()));
      Map<SubLayer, float[]> branches = new HashMap<>();

      masked.forward(
          scope.tokens(TEXT),
          (subLayer, activations) ->
              branches.put(subLayer, activations.branch().get("0,-1").toFloatArray()),
          Progress.SILENT);

      float[] bias =
          plan.compensation().of(SubLayer.attention(1)).orElseThrow().bias().orElseThrow();
      float[] sum = bias.clone();
      try (BlockWeights weights = decoder.blocks().load(1)) {
        weights
            .get(WeightSlot.OUTPUT_BIAS)
            .map(NDArray::toFloatArray)
            .ifPresent(own -> add(sum, own));
      }
      assertThat(branches.get(SubLayer.attention(1))).containsExactly(sum);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_pruned_model_goes_to_every_target_that_holds_it_and_others_say_what_to_choose(String model)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model));
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      int headSize = dense.config().headSize();
      int written = 0;
      for (Plan plan : List.of(halving(dense.config()), removingAttentionOf(1, dense.config()))) {
        Decoder decoder = dense.withBlocks(new CutBlocks(dense.blocks(), plan, headSize));
        PrunedModel pruned = new PrunedModel(checkpoint, decoder);
        ModelOutline outline = ModelOutline.of(decoder, Progress.SILENT);
        for (ExportTarget target : ExportTargets.all()) {
          Optional<String> refusal = target.refusal(outline);
          if (refusal.isPresent()) {
            assertThat(refusal.get()).endsWith(".").containsAnyOf("choose", "prune", "keep", "or ");
            continue;
          }
          Path out = folder.resolve(target.name() + written++);
          // The target itself reads back what it wrote and compares logits.
          target.export(
              pruned, new ExportOptions(WeightFormat.F32, out, false, Map.of()), Progress.SILENT);
          if (Files.exists(out.resolve("config.json"))) {
            assertThat(difference(decoder, out)).as(target.name()).isLessThan(1e-4f);
          }
        }
        assertThat(ExportTargets.perLayer().refusal(outline)).isEmpty();
      }
      assertThat(written).isGreaterThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-gqa-llama3rope",
        "mistral-sliding",
        "qwen2",
        "qwen3",
        "phi3-longrope",
        "gemma2",
        "gemma3"
      })
  void a_pruned_model_recovers_by_training(String model) {
    int[][] rows = new int[8][];
    for (int row = 0; row < rows.length; row++) {
      int start = row;
      rows[row] = IntStream.range(0, 40).map(i -> 3 + (start + 5 * i) % 50).toArray();
    }
    TrainingExamples examples = TrainingExamples.of("counting", TokenWindows.of(rows));
    RecoverySettings settings =
        RecoverySettings.of(
            Map.of(
                RecoverySetting.RANK, "4",
                RecoverySetting.BATCH, "8",
                RecoverySetting.STEPS, "8",
                RecoverySetting.WARM_UP, "1",
                RecoverySetting.EVALUATE_EVERY, "4",
                RecoverySetting.SAVE_EVERY, "8",
                RecoverySetting.RATE, "0.01"));
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model));
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
        TorchScope scope = TorchScope.open(Device.cpu());
        LowRankRecovery recovery =
            new LowRankRecovery(
                dense.withBlocks(
                    new CutBlocks(
                        dense.blocks(), halving(dense.config()), dense.config().headSize())),
                examples,
                examples,
                settings)) {
      RecoveryOutcome outcome =
          recovery.train(new TrainingCheckpoints(folder), point -> {}, Progress.SILENT);

      assertThat(outcome.best().perplexity().getAsDouble()).isLessThan(0.8 * outcome.before());
    }
  }

  private static void add(float[] sum, float[] addend) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += addend[i];
    }
  }

  private static float difference(Decoder model, Path exported) {
    try (Checkpoint checkpoint = Checkpoint.open(exported);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray expected = logits(model, scope);
      NDArray actual = logits(decoder, scope);
      assertThat(TensorBytes.toArray(actual, DType.F32)).hasSize(4 * (int) expected.size());
      return actual.sub(expected).abs().max().getFloat();
    }
  }

  private static NDArray logits(Decoder decoder, TorchScope scope) {
    return decoder.logits(decoder.forward(scope.tokens(TEXT), Progress.SILENT));
  }

  /** The first half of everything, without compensation. */
  private static Plan halving(DecoderConfig config) {
    List<BlockPlan> blocks =
        config.shapes().stream()
            .map(
                dense ->
                    new BlockPlan(
                        dense,
                        UnitSet.all(dense.headGroups() / 2),
                        UnitSet.all(dense.channels() / 2)))
            .toList();
    return plan(blocks, Compensation.NONE);
  }

  /** One attention sub-layer gone with a bias in its place, everything else whole. */
  private static Plan removingAttentionOf(int block, DecoderConfig config) {
    List<BlockPlan> blocks = new ArrayList<>();
    for (BlockShape dense : config.shapes()) {
      blocks.add(
          blocks.size() == block
              ? new BlockPlan(dense, UnitSet.of(), UnitSet.all(dense.channels()))
              : BlockPlan.keepAll(dense));
    }
    float[] bias = new float[config.hiddenSize()];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = 0.01f * (i % 17) - 0.07f;
    }
    return plan(
        blocks, new Compensation(Map.of(SubLayer.attention(block), OutputRepair.bias(bias))));
  }

  private static Plan plan(List<BlockPlan> blocks, Compensation compensation) {
    return new Plan(
        "", "", "random", Map.of(), new Target(0, RatioDefinition.UNIT), "", blocks, compensation);
  }
}
