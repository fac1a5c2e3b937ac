package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.InfeasibleTargetException;
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
import org.espalier.statistics.CoupledSlices;
import org.espalier.statistics.Salience;
import org.espalier.statistics.SliceNormCollector;
import org.espalier.statistics.Statistics;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** LLM-Pruner against its published code, and what its own rounding and block range do. */
class LlmPrunerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static Decoder decoder;
  private static PrunableModel model;
  private static TokenWindows examples;
  private static TokenWindows heldOut;
  private static Statistics statistics;

  @BeforeAll
  static void measureOnce() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      model = PrunableModels.of(DecoderLayout.of(checkpoint));
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    }
    examples =
        TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512)
            .first(10)
            .shortenedTo(64);
    heldOut = TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512);
    statistics =
        Measuring.of(recipe(Map.of("importance", "param_mix")), decoder, examples)
            .with(Measuring.of(recipe(Map.of("importance", "l1")), decoder, examples));
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static Recipe recipe(Map<String, String> parameters) {
    Method method = MethodRegistry.standard().get("llm-pruner");
    return method.recipe(ParameterValues.of(method.description(), parameters));
  }

  private static Recipe recipe(String... parameters) {
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      named.put(parameters[i], parameters[i + 1]);
    }
    return recipe(named);
  }

  static Stream<String> cases() {
    return Stream.of(
        "l1-none-0.2",
        "l2-none-0.2",
        "l2-none-0.5",
        "taylor-vectorize-0.2",
        "taylor-vectorize-0.5",
        "taylor-param_first-0.2",
        "taylor-param_first-0.5",
        "taylor-param_second-0.2",
        "taylor-param_mix-0.2");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scores_and_prunes_as_published(String name) throws IOException {
    String[] parts = name.split("-");
    String importance = parts[0].equals("taylor") ? parts[1] : parts[0];
    Recipe recipe =
        recipe(
            "importance", importance, "variant", "official", "firstBlock", "0", "lastBlock", "5");
    Path folder = GOLDEN.resolve("tiny-mha/llmpruner-" + name);
    JsonNode result = new ObjectMapper().readTree(folder.resolve("result.json").toFile());

    // With batched gradients where only the first order is wanted, as a user gets them.
    Statistics measured = Measuring.of(recipe, decoder, examples);
    ImportanceMap map = ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), measured);
    Allocation allocation = allocate(recipe, map, Double.parseDouble(parts[parts.length - 1]));
    Pruner.Choice choice = Measuring.choose(recipe, decoder, allocation, map, measured, examples);

    checkImportance(
        GoldenTensors.of(folder.resolve("tensors.safetensors")), map, measured, importance);
    checkKept(result.get("kept"), choice.blocks());
    double expected = result.get("ppl_after").asDouble();
    assertThat(perplexity(choice)).isCloseTo(expected, within(1e-4 * expected));
  }

  private static Allocation allocate(Recipe recipe, ImportanceMap importance, double ratio) {
    return recipe
        .allocation()
        .prepare(model, importance, SubLayerScores.NONE)
        .allocate(new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE);
  }

  private static ImportanceMap importance(Recipe recipe) {
    return ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
  }

  private static void checkImportance(
      Map<String, TensorInfo> golden, ImportanceMap map, Statistics measured, String importance) {
    for (SubLayer subLayer : model.subLayers()) {
      String block = "model.layers." + subLayer.block() + ".";
      switch (subLayer.kind()) {
        case ATTENTION -> {
          String root = block + "self_attn.q_proj.";
          assertNear(
              map.scores(subLayer), GoldenTensors.doubles(golden.get(root + "head_importance")));
          assertNear(
              rows(subLayer, measured, importance),
              GoldenTensors.doubles(golden.get(root + "importance")));
        }
        case FEED_FORWARD ->
            assertNear(
                map.scores(subLayer),
                GoldenTensors.doubles(golden.get(block + "mlp.gate_proj.importance")));
      }
    }
  }

  /** Importance of single attention channels, which are as many in all four matrices here. */
  private static double[] rows(SubLayer subLayer, Statistics measured, String importance) {
    BlockShape shape = decoder.config().shape(subLayer.block());
    String statistic =
        switch (importance) {
          case "l1" -> SliceNormCollector.ABSOLUTE_SUM;
          case "l2" -> SliceNormCollector.SQUARED_SUM;
          case "vectorize" -> Salience.FIRST_ORDER.statistic();
          case "param_first" -> Salience.FIRST_ORDER_ABSOLUTE.statistic();
          case "param_second" -> Salience.SECOND_ORDER.statistic();
          default -> Salience.MIXED_ABSOLUTE.statistic();
        };
    double share = importance.startsWith("l") ? 0.25 : 1;
    double[] rows = new double[128];
    for (WeightSlot matrix : CoupledSlices.matrices(subLayer.kind())) {
      double[] part = CoupledSlices.part(matrix, shape, measured.vector(subLayer, statistic));
      Arrays.setAll(rows, i -> rows[i] + share * Math.abs(part[i]));
    }
    return rows;
  }

  private static void checkKept(JsonNode kept, List<BlockPlan> blocks) {
    for (int block = 0; block < blocks.size(); block++) {
      JsonNode expected = kept.get("layer" + block);
      assertThat(blocks.get(block).headGroups())
          .isEqualTo(UnitSet.of(ints(expected.get("q_heads"))));
      assertThat(blocks.get(block).channels()).isEqualTo(UnitSet.of(ints(expected.get("mlp"))));
    }
  }

  private static int[] ints(JsonNode list) {
    return new ObjectMapper().convertValue(list, int[].class);
  }

  /** Each element to 1e-4 of the largest. */
  private static void assertNear(double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("unit " + i).isCloseTo(expected[i], within(1e-4 * largest));
    }
  }

  private static double perplexity(Pruner.Choice choice) {
    Plan plan =
        new Plan(
            "",
            "",
            "",
            Map.of(),
            new Target(0, RatioDefinition.PRUNABLE),
            "",
            choice.blocks(),
            choice.compensation());
    CutBlocks cut = new CutBlocks(decoder.blocks(), plan, decoder.config().headSize());
    Protocol protocol =
        new Protocol("held-out", heldOut.hash(), 128, heldOut.count(), "", "float32", "cpu", 0);
    return new Perplexity(decoder.withBlocks(cut), heldOut, protocol)
        .measure(point -> {}, Progress.SILENT)
        .perplexity();
  }

  @ParameterizedTest
  @CsvSource({"local, 0.25", "global, 0.25", "local, 0.5", "global, 0.5"})
  void blocks_outside_the_range_stay_whole_and_the_target_is_hit(String scope, double ratio) {
    Recipe recipe = recipe("scope", scope, "firstBlock", "1", "lastBlock", "4");

    Allocation allocation = allocate(recipe, importance(recipe), ratio);

    for (int whole : new int[] {0, 5}) {
      assertThat(allocation.kept(SubLayer.attention(whole))).isEqualTo(8);
      assertThat(allocation.kept(SubLayer.feedForward(whole))).isEqualTo(344);
    }
    assertThat(allocation.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(ratio, within(headShare()));
  }

  private static double headShare() {
    return (double) model.blocks().get(0).parametersPerHeadGroup() / model.prunableParameters();
  }

  @Test
  void locally_every_sub_layer_of_the_range_loses_the_same_share() {
    Recipe recipe = recipe();

    Allocation allocation = allocate(recipe, importance(recipe), 0.4);

    assertThat(allocation.keptChannels().get(0)).isEqualTo(344);
    double share = 0.4 * 6 / 5;
    for (int block = 1; block < 6; block++) {
      assertThat(1 - allocation.keptChannels().get(block) / 344.0)
          .isCloseTo(share, within(1.0 / 8));
    }
  }

  @Test
  void the_published_global_rounding_counts_heads_and_channels_alike() {
    Recipe recipe =
        recipe("scope", "global", "variant", "official", "firstBlock", "1", "lastBlock", "4");

    Allocation allocation = allocate(recipe, importance(recipe), 0.25);

    int units = 4 * (8 + 344);
    int removed = 0;
    for (SubLayer subLayer : model.subLayers()) {
      removed += model.units(subLayer) - allocation.kept(subLayer);
    }
    assertThat(removed).isEqualTo(units - (int) (units * 0.75));
  }

  @Test
  void a_target_beyond_the_range_says_what_holds_it() {
    Recipe recipe = recipe("firstBlock", "2", "lastBlock", "3");

    assertThatThrownBy(() -> allocate(recipe, importance(recipe), 0.5))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("blocks 2 to 3")
        .hasMessageContaining("The nearest feasible target is");
  }

  @Test
  void wrong_parameters_are_told_with_their_range() {
    assertThatThrownBy(() -> recipe("firstBlock", "-1"))
        .isInstanceOf(EspalierException.class)
        .hasMessage(
            "Parameter firstBlock of method llm-pruner must be auto or a whole number from 0"
                + " to 10000, not '-1'.");
    Recipe behind = recipe("lastBlock", "6");
    assertThatThrownBy(() -> allocate(behind, importance(behind), 0.2))
        .isInstanceOf(EspalierException.class)
        .hasMessage(
            "Parameter lastBlock of method llm-pruner must be a block from 0 to 5 here, not '6'.");
    Recipe swapped = recipe("firstBlock", "4", "lastBlock", "3");
    assertThatThrownBy(() -> allocate(swapped, importance(swapped), 0.2))
        .hasMessageContaining("firstBlock")
        .hasMessageContaining("from 0 to 3");
    assertThatThrownBy(() -> recipe("examples", "ten")).hasMessageContaining("examples");
  }
}
