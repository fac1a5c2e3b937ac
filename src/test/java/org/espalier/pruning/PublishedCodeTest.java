package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.golden.GoldenTensors;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScores;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.StatisticsPass;
import org.espalier.statistics.WeightStatistics;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The official variants against values that the authors' published code gave on a small model. */
class PublishedCodeTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final int BLOCKS = 6;

  private static Decoder decoder;
  private static PrunableModel model;
  private static TokenWindows calibration;
  private static TokenWindows heldOut;
  private static Statistics dense;

  @BeforeAll
  static void measureOnce() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      model = PrunableModels.of(DecoderLayout.of(checkpoint));
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    }
    calibration = TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512);
    heldOut = TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512);
    dense =
        StatisticsPass.run(
            decoder,
            calibration,
            recipe("flap", Map.of()).collectors(),
            PassJournal.NONE,
            Progress.SILENT);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static Recipe recipe(String method, Map<String, String> parameters) {
    Method registered = MethodRegistry.standard().get(method);
    return registered.recipe(ParameterValues.of(registered.description(), parameters));
  }

  static Stream<String> flapCases() {
    return Stream.of("WIFV", "WIFN")
        .flatMap(metric -> Stream.of("AL-AM", "UL-UM").map(form -> metric + "-" + form))
        .flatMap(form -> Stream.of("0.2", "0.5").map(ratio -> "flap-" + form + "-" + ratio));
  }

  static Stream<String> baselineCases() {
    return Stream.of("wanda_sp-0.2", "wanda_sp-0.5", "mag_sp-0.2", "mag_sp-0.5");
  }

  @ParameterizedTest
  @MethodSource("flapCases")
  void flap_measures_scores_and_prunes_as_published(String name) throws IOException {
    Case golden = Case.of(name);
    Recipe recipe =
        recipe(
            "flap",
            Map.of(
                "metric", golden.result.get("metric").asText(),
                "structure", golden.result.get("structure").asText(),
                "variant", "official"));
    ImportanceMap importance = ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), dense);
    Allocation allocation =
        recipe
            .allocation()
            .prepare(model, importance, SubLayerScores.NONE)
            .allocate(golden.target(), Locks.NONE);
    Pruner.Choice choice =
        Measuring.choose(recipe, decoder, allocation, importance, dense, calibration);

    golden.checkStatistics(dense);
    golden.checkScores(importance);
    golden.checkKept(choice.blocks());
    golden.checkBiases(choice.compensation());
    golden.checkLogits(choice);
    golden.checkPerplexity(choice);
  }

  @ParameterizedTest
  @MethodSource("baselineCases")
  void baselines_prune_as_published(String name) throws IOException {
    Case golden = Case.of(name);
    boolean sequential = name.startsWith("wanda");
    Recipe recipe = recipe(sequential ? "wanda-sp" : "magnitude", Map.of("variant", "official"));
    ImportanceMap importance = ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), dense);
    Allocation allocation =
        recipe
            .allocation()
            .prepare(model, importance, SubLayerScores.NONE)
            .allocate(golden.target(), Locks.NONE);
    Pruner.Choice choice =
        Measuring.choose(recipe, decoder, allocation, importance, dense, calibration);

    if (!sequential) {
      golden.checkScores(importance);
    }
    golden.checkKept(choice.blocks());
    golden.checkLogits(choice);
    golden.checkPerplexity(choice);
    assertThat(choice.compensation().isEmpty()).isTrue();
  }

  /** One reference case. */
  private record Case(JsonNode result, Map<String, TensorInfo> tensors) {
    static Case of(String name) throws IOException {
      Path folder = GOLDEN.resolve("tiny-mha").resolve(name);
      return new Case(
          new ObjectMapper().readTree(folder.resolve("result.json").toFile()),
          GoldenTensors.of(folder.resolve("tensors.safetensors")));
    }

    private double[] doubles(String tensor) {
      return GoldenTensors.doubles(tensors.get(tensor));
    }

    Target target() {
      return new Target(result.get("ratio").asDouble(), RatioDefinition.PRUNABLE);
    }

    private static String key(SubLayer subLayer, String what) {
      String kind = subLayer.kind() == SubLayerKind.ATTENTION ? "attn" : "mlp";
      return "layer" + subLayer.block() + "." + kind + "." + what;
    }

    private static List<SubLayer> subLayers() {
      return Stream.iterate(0, block -> block < BLOCKS, block -> block + 1)
          .flatMap(block -> Stream.of(SubLayer.attention(block), SubLayer.feedForward(block)))
          .toList();
    }

    void checkStatistics(Statistics statistics) {
      boolean norm = result.get("metric").asText().equals("WIFN");
      for (SubLayer subLayer : subLayers()) {
        double[] mean = statistics.vector(subLayer, ActivationStatistics.MEAN);
        assertLargest(subLayer + " mean", mean, doubles(key(subLayer, "baseline_inp")));
        double[] measured =
            statistics.vector(
                subLayer,
                norm
                    ? ActivationStatistics.SQUARED_NORM
                    : ActivationStatistics.RUNNING_FLUCTUATION);
        assertEach(
            subLayer + " input",
            measured,
            doubles(key(subLayer, norm ? "scaler_inp" : "fluc_inp")));
        double[] weights =
            statistics.vector(
                subLayer, norm ? WeightStatistics.ABSOLUTE_MEAN : WeightStatistics.SQUARED_NORM);
        double[] metric = new double[measured.length];
        Arrays.setAll(metric, j -> weights[j] * (norm ? Math.sqrt(measured[j]) : measured[j]));
        assertEach(subLayer + " metric", metric, doubles(key(subLayer, "metric_raw")));
      }
    }

    void checkScores(ImportanceMap importance) {
      for (SubLayer subLayer : subLayers()) {
        assertLargest(
            subLayer + " score", importance.scores(subLayer), doubles(key(subLayer, "score")));
      }
    }

    void checkKept(List<BlockPlan> blocks) {
      for (SubLayer subLayer : subLayers()) {
        BlockPlan block = blocks.get(subLayer.block());
        UnitSet kept =
            subLayer.kind() == SubLayerKind.ATTENTION ? block.headGroups() : block.channels();
        double[] mask = doubles(key(subLayer, "mask"));
        for (int unit = 0; unit < mask.length; unit++) {
          assertThat(kept.contains(unit)).as(subLayer + " unit " + unit).isEqualTo(mask[unit] != 0);
        }
      }
      assertThat(blocks.stream().map(block -> block.headGroups().size()).toList())
          .isEqualTo(integers("kept_units"));
      assertThat(blocks.stream().map(block -> block.channels().size()).toList())
          .isEqualTo(integers("kept_channels"));
    }

    private List<Integer> integers(String name) {
      return List.of(new ObjectMapper().convertValue(result.get(name), Integer[].class));
    }

    void checkBiases(Compensation compensation) {
      for (SubLayer subLayer : subLayers()) {
        double[] expected = doubles(key(subLayer, "bias"));
        float[] bias =
            compensation
                .of(subLayer)
                .flatMap(OutputRepair::bias)
                .orElse(new float[expected.length]);
        double[] actual = new double[bias.length];
        Arrays.setAll(actual, j -> bias[j]);
        assertLargest(subLayer + " bias", actual, expected);
      }
    }

    void checkLogits(Pruner.Choice choice) {
      double[] flatIds = doubles("forward_input_ids");
      int length = flatIds.length / 2;
      int[][] ids = new int[2][length];
      for (int i = 0; i < flatIds.length; i++) {
        ids[i / length][i % length] = (int) flatIds[i];
      }
      double[] expected = doubles("logits_after_positions_56_to_63");
      try (TorchScope scope = TorchScope.open(Device.cpu())) {
        Decoder cut = cut(choice);
        NDArray logits = cut.logits(cut.forward(scope.tokens(ids), Progress.SILENT));
        float[] last = logits.get(":, 56:64, :").toFloatArray();
        double[] actual = new double[last.length];
        Arrays.setAll(actual, i -> last[i]);
        assertLargest("logits", actual, expected);
      }
    }

    private Decoder cut(Pruner.Choice choice) {
      Plan plan =
          new Plan("", "", "", Map.of(), target(), "", choice.blocks(), choice.compensation());
      return decoder.withBlocks(new CutBlocks(decoder.blocks(), plan, decoder.config().headSize()));
    }

    void checkPerplexity(Pruner.Choice choice) {
      Protocol protocol =
          new Protocol("held-out", heldOut.hash(), 128, heldOut.count(), "", "float32", "cpu", 0);
      double perplexity =
          new Perplexity(cut(choice), heldOut, protocol)
              .measure(point -> {}, Progress.SILENT)
              .perplexity();
      double expected = result.get("ppl_after").asDouble();
      assertThat(perplexity).isCloseTo(expected, within(1e-5 * expected));
    }

    /** Each element to 1e-5 of its own size. */
    private static void assertEach(String what, double[] actual, double[] expected) {
      assertThat(actual).as(what).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i])
            .as(what + " " + i)
            .isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i])));
      }
    }

    /** Each element to 1e-5 of the largest. */
    private static void assertLargest(String what, double[] actual, double[] expected) {
      assertThat(actual).as(what).hasSameSizeAs(expected);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).as(what + " " + i).isCloseTo(expected[i], within(1e-5 * largest));
      }
    }
  }
}
