package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Where blocks live is a matter of memory and time, never of numbers. */
class StreamedPassTest {
  private static final Path BF16 = Path.of("src/test/resources/golden/families/llama-bf16");
  private static final TokenWindows CALIBRATION = windows(1, 12);
  private static final TokenWindows HELD_OUT = windows(2, 6);

  private static TokenWindows windows(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] ids = new int[count][];
    for (int i = 0; i < count; i++) {
      ids[i] = random.ints(16, 0, 100).toArray();
    }
    return TokenWindows.of(ids);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flap", "te-prune", "slimllm", "shortgpt", "2ssp", "wanda-sp"})
  void streamed_blocks_give_the_same_statistics_plan_and_perplexity(String method) {
    Outcome streamed = outcome(method, BlockPlacement.STREAMED);

    assertThat(streamed)
        .usingRecursiveComparison()
        .isEqualTo(outcome(method, BlockPlacement.RESIDENT));
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
      Allocation dense,
      Allocation kept,
      double perplexity) {}

  private static Outcome outcome(String name, BlockPlacement placement) {
    Method method = MethodRegistry.standard().get(name);
    Recipe recipe = method.recipe(ParameterValues.of(method.description(), Map.of()));
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
              .allocate(new Target(0.4, RatioDefinition.PRUNABLE), Locks.NONE);
      Allocation kept =
          Measuring.settle(
              recipe, decoder, preview, Locks.NONE, importance, statistics, CALIBRATION);
      Pruner.Choice choice =
          Measuring.choose(recipe, decoder, kept, importance, statistics, CALIBRATION);
      try (CutBlocks cut =
          new CutBlocks(
              decoder.blocks(),
              choice.blocks(),
              choice.compensation(),
              decoder.config().headSize())) {
        Protocol protocol = Protocol.of("random", HELD_OUT, "none", "cpu", 0);
        return new Outcome(
            named(statistics),
            choice.blocks(),
            repairs(choice.compensation()),
            Allocation.dense(model),
            kept,
            new Perplexity(decoder.withBlocks(cut), HELD_OUT, protocol)
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
