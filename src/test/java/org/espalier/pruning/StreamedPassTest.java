package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.importance.ImportanceMap;
import org.espalier.statistics.Statistics;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where blocks live is a matter of memory and time, never of numbers. */
class StreamedPassTest {
  private static final Path BF16 = Path.of("src/test/resources/golden/families/llama-bf16");
  private static final TokenWindows CALIBRATION = windows(1, 12);
  private static final TokenWindows HELD_OUT = windows(2, 6);

  private static final Target FORTY = new Target(0.4, RatioDefinition.PRUNABLE);

  private static TokenWindows windows(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] ids = new int[count][];
    for (int i = 0; i < count; i++) {
      ids[i] = random.ints(16, 0, 100).toArray();
    }
    return TokenWindows.of(ids);
  }

  /** Every method, and choices that measure something of their own. */
  static Stream<Arguments> methods() {
    return Stream.concat(
        MethodRegistry.standard().descriptions().stream()
            .map(method -> Arguments.of(method.name(), Map.of())),
        Stream.of(
            Arguments.of("llm-pruner", Map.of("structure", "channels")),
            Arguments.of("te-prune", Map.of("heads", "entropy")),
            Arguments.of("te-prune", Map.of("order", "iterative"))));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void streamed_blocks_give_the_same_statistics_plan_and_perplexity(
      String method, Map<String, String> parameters) {
    Outcome streamed = outcome(method, parameters, BlockPlacement.STREAMED);

    assertThat(streamed)
        .usingRecursiveComparison()
        .isEqualTo(outcome(method, parameters, BlockPlacement.RESIDENT));
    assertThat(streamed.kept).isNotEqualTo(streamed.dense);
  }

  /**
   * What an analysis, a pruning and an evaluation gave.
   *
   * @param statistics vectors by sub-layer and name
   */
  private record Outcome(
      Map<String, double[]> statistics,
      List<BlockPlan> plans,
      Map<String, OutputRepair> repairs,
      Optional<HiddenPlan> hidden,
      Allocation dense,
      Allocation kept,
      double perplexity) {}

  private static Outcome outcome(
      String name, Map<String, String> parameters, BlockPlacement placement) {
    Method method = MethodRegistry.standard().get(name);
    Recipe recipe = method.recipe(ParameterValues.of(method.description(), parameters));
    try (Checkpoint checkpoint = Checkpoint.open(BF16);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), placement)) {
      var model = PrunableModels.of(DecoderLayout.of(checkpoint));
      Statistics statistics = Measuring.of(recipe, decoder, CALIBRATION);
      ImportanceMap importance =
          ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
      Allocation preview =
          recipe
              .allocation()
              .prepare(model, importance, recipe.subLayerScores(decoder.config(), statistics))
              .allocate(FORTY, Locks.NONE);
      Allocation kept =
          Measuring.settle(
              recipe, decoder, preview, Locks.NONE, importance, statistics, CALIBRATION);
      Pruner.Choice choice =
          Measuring.choose(recipe, decoder, kept, importance, statistics, CALIBRATION);
      Plan plan =
          new Plan(
              "",
              "",
              name,
              parameters,
              FORTY,
              "",
              choice.blocks(),
              choice.compensation(),
              choice.hidden());
      try (Decoder cut = plan.applied(decoder)) {
        Protocol protocol = Protocol.of("random", HELD_OUT, "none", "cpu", 0);
        return new Outcome(
            named(statistics),
            choice.blocks(),
            repairs(choice.compensation()),
            choice.hidden(),
            Allocation.dense(model),
            kept,
            new Perplexity(cut, HELD_OUT, protocol)
                .measure(point -> {}, Progress.SILENT)
                .perplexity());
      }
    }
  }

  private static Map<String, double[]> named(Statistics statistics) {
    Map<String, double[]> named = new TreeMap<>();
    statistics
        .subLayers()
        .forEach(
            subLayer ->
                statistics
                    .of(subLayer)
                    .forEach((name, vector) -> named.put(subLayer.label() + " " + name, vector)));
    return named;
  }

  private static Map<String, OutputRepair> repairs(Compensation compensation) {
    Map<String, OutputRepair> repairs = new TreeMap<>();
    compensation.repairs().forEach((subLayer, repair) -> repairs.put(subLayer.label(), repair));
    return repairs;
  }
}
