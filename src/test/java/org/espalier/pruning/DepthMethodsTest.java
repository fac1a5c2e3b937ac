package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.Hold;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.golden.GoldenTensors;
import org.espalier.importance.ImportanceMap;
import org.espalier.statistics.BlockSimilarityPass;
import org.espalier.statistics.Statistics;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ShortGPT and 2SSP against values of their published code, and around locks. */
class DepthMethodsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static PrunableModel model;
  private static Decoder decoder;
  private static TokenWindows calibration;
  private static TokenWindows heldOut;

  @BeforeAll
  static void open() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      model = PrunableModels.of(DecoderLayout.of(checkpoint));
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    }
    calibration = TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512);
    heldOut = TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static JsonNode golden(String name) throws IOException {
    return new ObjectMapper()
        .readTree(GOLDEN.resolve("tiny-mha").resolve(name).resolve("result.json").toFile());
  }

  /** A method with its statistics. */
  private record Measured(Recipe recipe, Statistics statistics, TokenWindows windows) {
    private static final Map<String, Measured> KNOWN = new HashMap<>();

    static Measured of(String name, Map<String, String> parameters, TokenWindows windows) {
      return KNOWN.computeIfAbsent(
          name + parameters + windows.count(), key -> measure(name, parameters, windows));
    }

    private static Measured measure(
        String name, Map<String, String> parameters, TokenWindows windows) {
      Method method = MethodRegistry.standard().get(name);
      Recipe recipe = method.recipe(ParameterValues.of(method.description(), parameters));
      return new Measured(recipe, Measuring.of(recipe, decoder, windows), windows);
    }

    ImportanceMap importance() {
      return ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
    }

    Allocator allocator() {
      return recipe
          .allocation()
          .prepare(model, importance(), recipe.subLayerScores(decoder.config(), statistics));
    }

    Allocation allocate(double ratio, RatioDefinition of, Locks locks) {
      return Measuring.settle(
          recipe,
          decoder,
          allocator().allocate(new Target(ratio, of), locks),
          locks,
          importance(),
          statistics,
          windows);
    }

    Pruner.Choice choose(Allocation allocation) {
      return Measuring.choose(recipe, decoder, allocation, importance(), statistics, windows);
    }
  }

  private static double perplexity(Pruner.Choice choice) {
    CutBlocks cut =
        new CutBlocks(
            decoder.blocks(), choice.blocks(), choice.compensation(), decoder.config().headSize());
    Protocol protocol =
        new Protocol("held-out", heldOut.hash(), 128, heldOut.count(), "", "float32", "cpu", 0);
    return new Perplexity(decoder.withBlocks(cut), heldOut, protocol)
        .measure(point -> {}, Progress.SILENT)
        .perplexity();
  }

  private static List<Integer> removedBlocks(Allocation allocation) {
    return IntStream.range(0, 6)
        .filter(
            block ->
                allocation.kept(SubLayer.attention(block)) == 0
                    && allocation.kept(SubLayer.feedForward(block)) == 0)
        .boxed()
        .toList();
  }

  @Test
  void block_influence_is_as_published() throws IOException {
    Measured measured = Measured.of("shortgpt", Map.of(), calibration);
    JsonNode influences = golden("shortgpt").get("bi_mean");

    for (int block = 0; block < 6; block++) {
      double influence =
          1
              - measured.statistics()
                  .vector(SubLayer.attention(block), BlockSimilarityPass.COSINE)[0];
      double expected = influences.get(block).asDouble();
      assertThat(influence).isCloseTo(expected, within(1e-4 * expected));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whole_blocks_go_in_the_order_of_their_influence(int count) throws IOException {
    JsonNode removal = golden("shortgpt").get("removals").get(Integer.toString(count));
    Measured measured = Measured.of("shortgpt", Map.of(), calibration);

    Allocation allocation = measured.allocate(count / 6.0, RatioDefinition.PRUNABLE, Locks.NONE);

    Integer[] order = new ObjectMapper().convertValue(removal.get("order"), Integer[].class);
    assertThat(removedBlocks(allocation)).containsExactlyInAnyOrder(order);
    double expected = removal.get("ppl_after").asDouble();
    assertThat(perplexity(measured.choose(allocation)))
        .isCloseTo(expected, within(1e-4 * expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void a_run_of_neighbours_goes_by_its_angle(int count) throws IOException {
    JsonNode angular = golden("shortgpt").get("angular").get(Integer.toString(count));
    Measured measured = Measured.of("shortgpt", Map.of("order", "angular"), calibration);
    for (int first = 0; first <= 6 - count; first++) {
      double[] angles =
          measured.statistics().vector(SubLayer.attention(first), BlockSimilarityPass.ANGLES);
      // The published code sums over the 64 windows.
      double expected = angular.get("importances").get(first).asDouble() / 64;
      assertThat(angles[count - 1]).isCloseTo(expected, within(1e-4 * expected));
    }

    Allocation allocation = measured.allocate(count / 6.0, RatioDefinition.PRUNABLE, Locks.NONE);

    assertThat(removedBlocks(allocation))
        .isEqualTo(
            List.of(new ObjectMapper().convertValue(angular.get("removed"), Integer[].class)));
    double expected = angular.get("ppl_after").asDouble();
    assertThat(perplexity(measured.choose(allocation)))
        .isCloseTo(expected, within(1e-4 * expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"influence", "angular"})
  void a_block_with_a_held_sub_layer_stays_and_another_goes(String order) {
    Measured measured = Measured.of("shortgpt", Map.of("order", order), calibration.first(8));
    Locks locks =
        Locks.NONE
            .with(SubLayer.attention(1), Hold.locked(8))
            .with(SubLayer.feedForward(4), Hold.handSet(200));

    Allocation allocation = measured.allocate(0.37, RatioDefinition.PRUNABLE, locks);

    assertThat(allocation.kept(SubLayer.attention(1))).isEqualTo(8);
    assertThat(allocation.kept(SubLayer.feedForward(1))).isEqualTo(344);
    assertThat(allocation.kept(SubLayer.feedForward(4))).isEqualTo(200);
    assertThat(allocation.kept(SubLayer.attention(4))).isEqualTo(8);
    assertThat(removedBlocks(allocation)).hasSize(2).doesNotContain(1, 4);
  }

  @Test
  void what_whole_blocks_reach_is_said() {
    Allocator allocator = Measured.of("shortgpt", Map.of(), calibration.first(8)).allocator();
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);

    assertThat(allocator.remark(target, allocator.allocate(target, Locks.NONE)).orElseThrow())
        .contains("2 of 6", "33.33 %", "nearest to 30 %");
  }

  @Test
  void a_target_beyond_what_may_go_is_infeasible() {
    Allocator allocator = Measured.of("shortgpt", Map.of(), calibration.first(8)).allocator();
    Locks locks = Locks.NONE;
    for (int block = 0; block < 4; block++) {
      locks = locks.with(SubLayer.attention(block), Hold.locked(8));
    }
    Locks four = locks;

    assertThatThrownBy(() -> allocator.allocate(new Target(0.5, RatioDefinition.PRUNABLE), four))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("nearest feasible target is 33.33 %");
  }

  @ParameterizedTest
  @CsvSource({"2ssp-0.25, 1", "2ssp-0.5-s2x16, 16"})
  void two_stages_prune_as_published(String name, String windows) throws IOException {
    JsonNode result = golden(name);
    Measured measured =
        Measured.of(
            "2ssp", Map.of("variant", "official", "searchWindows", windows), calibration.first(32));

    Allocation allocation =
        measured.allocate(result.get("sparsity").asDouble(), RatioDefinition.LAYER, Locks.NONE);
    Pruner.Choice choice = measured.choose(allocation);

    var tensors =
        GoldenTensors.of(GOLDEN.resolve("tiny-mha").resolve(name).resolve("tensors.safetensors"));
    for (int block = 0; block < 6; block++) {
      double[] expected = GoldenTensors.doubles(tensors.get("layer" + block + ".mlp.score"));
      double[] scores = measured.importance().scores(SubLayer.feedForward(block));
      for (int j = 0; j < expected.length; j++) {
        assertThat(scores[j]).isCloseTo(expected[j], within(1e-4 * expected[j]));
      }
      assertThat(choice.blocks().get(block).headGroups().isEmpty())
          .as("attention " + block)
          .isEqualTo(result.get("attnMask").get(block).asInt() == 1);
      assertThat(choice.blocks().get(block).channels().toArray())
          .isEqualTo(
              new ObjectMapper().convertValue(result.get("kept_channels").get(block), int[].class));
    }
    double perplexity = result.get("ppl_after").asDouble();
    assertThat(perplexity(choice)).isCloseTo(perplexity, within(1e-4 * perplexity));
  }

  @Test
  void locked_attention_is_not_searched_and_the_target_still_holds() {
    Measured measured = Measured.of("2ssp", Map.of(), calibration.first(16));
    Locks locks =
        Locks.NONE
            .with(SubLayer.attention(1), Hold.locked(8))
            .with(SubLayer.attention(2), Hold.handSet(4))
            .with(SubLayer.feedForward(0), Hold.locked(344));

    Allocation allocation = measured.allocate(0.4, RatioDefinition.PRUNABLE, locks);

    assertThat(allocation.kept(SubLayer.attention(1))).isEqualTo(8);
    assertThat(allocation.kept(SubLayer.attention(2))).isEqualTo(4);
    assertThat(allocation.kept(SubLayer.feedForward(0))).isEqualTo(344);
    assertThat(allocation.keptHeadGroups()).contains(0);
    assertThat(allocation.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.4, within(0.001));
  }

  @ParameterizedTest
  @CsvSource({"alpha, 0, 0.1 to 100", "searchWindows, -1, 0 to 1000000"})
  void a_parameter_that_makes_no_sense_is_named_with_its_range(
      String name, String value, String range) {
    Method method = MethodRegistry.standard().get("2ssp");

    assertThatThrownBy(
            () -> method.recipe(ParameterValues.of(method.description(), Map.of(name, value))))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(range)
        .hasMessageContaining(value);
  }
}
