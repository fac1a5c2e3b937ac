package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
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
import org.espalier.statistics.BlockSimilarityPass;
import org.espalier.statistics.Collector;
import org.espalier.statistics.ContributionCovariances;
import org.espalier.statistics.FolderPassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SlimLLM against values of its published code, and our forms of it. */
class SlimLlmTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static PrunableModel model;
  private static Decoder decoder;
  private static TokenWindows calibration;
  private static TokenWindows heldOut;
  private static Statistics dense;

  @BeforeAll
  static void open() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      model = PrunableModels.of(DecoderLayout.of(checkpoint));
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    }
    calibration = TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512).first(32);
    heldOut = TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512);
    dense = Measuring.of(recipe(Map.of()), decoder, calibration);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static Recipe recipe(Map<String, String> parameters) {
    Method method = MethodRegistry.standard().get("slimllm");
    return method.recipe(ParameterValues.of(method.description(), parameters));
  }

  private static Allocation allocate(Map<String, String> parameters, double ratio, Locks locks) {
    Recipe recipe = recipe(parameters);
    return recipe
        .allocation()
        .prepare(
            model,
            ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), dense),
            recipe.subLayerScores(decoder.config(), dense))
        .allocate(new Target(ratio, RatioDefinition.PRUNABLE), locks);
  }

  /** Notes the scores that another selector is given. */
  private record Listening(Selector selector, Map<SubLayer, double[]> heard) implements Selector {
    @Override
    public Set<Collector> collectors() {
      return selector.collectors();
    }

    @Override
    public UnitSet select(MeasuredSubLayer subLayer, double[] scores, int kept) {
      heard.put(subLayer.subLayer(), scores);
      return selector.select(subLayer, scores, kept);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "slimllm-0.25-5-10, official, affine",
    "slimllm-0.25-5-10-direct, corrected, affine",
    "slimllm-0.25-5-10-noreg, official, none",
    "slimllm-0.55-6-7, official, affine"
  })
  void prunes_as_published(String name, String variant, String compensation) throws IOException {
    Path folder = GOLDEN.resolve("tiny-mha").resolve(name);
    JsonNode result = new ObjectMapper().readTree(folder.resolve("result.json").toFile());
    Map<String, TensorInfo> tensors = GoldenTensors.of(folder.resolve("tensors.safetensors"));
    Map<String, String> parameters =
        Map.of(
            "variant", variant,
            "compensation", compensation,
            "rho", result.get("rho").asText(),
            "layers", result.get("K").asText(),
            "alpha", result.get("alpha").asText());
    Recipe recipe = recipe(parameters);
    Map<SubLayer, double[]> scores = new HashMap<>();
    Pruner.Choice choice =
        Measuring.choose(
            recipe.selecting(new Listening(recipe.selector(), scores)),
            decoder,
            allocate(parameters, 0.5, Locks.NONE),
            ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), dense),
            dense,
            calibration);

    for (int block = 0; block < decoder.config().blocks(); block++) {
      assertThat(dense.vector(SubLayer.attention(block), BlockSimilarityPass.COSINE)[0])
          .isCloseTo(result.get("layer_cos").get(block).asDouble(), within(1e-5));
      JsonNode golden = result.get("layers").path(Integer.toString(block));
      BlockPlan plan = choice.blocks().get(block);
      assertThat(plan.dense().headGroups() - plan.headGroups().size())
          .isEqualTo(golden.path("n_heads_pruned").asInt(0));
      assertThat(plan.dense().channels() - plan.channels().size())
          .isEqualTo(golden.path("n_channels_pruned").asInt(0));
    }
    assertThat(scores).isNotEmpty();
    scores.forEach(
        (subLayer, given) -> {
          boolean attention = subLayer.kind() == SubLayerKind.ATTENTION;
          String prefix = "layer" + subLayer.block() + (attention ? ".attn." : ".mlp.");
          double[] expected =
              GoldenTensors.doubles(tensors.get(prefix + (attention ? "head_score" : "score")));
          for (int unit = 0; unit < expected.length; unit++) {
            double score = attention ? 128 * (1 - given[unit]) : given[unit];
            assertThat(score)
                .as(subLayer + " score of unit " + unit)
                .isCloseTo(expected[unit], within(1e-4 * expected[unit]));
          }
          BlockPlan plan = choice.blocks().get(subLayer.block());
          double[] kept = GoldenTensors.doubles(tensors.get(prefix + "kept"));
          assertThat((attention ? plan.headGroups() : plan.channels()).toArray())
              .as(subLayer + " kept")
              .isEqualTo(DoubleStream.of(kept).sorted().mapToInt(unit -> (int) unit).toArray());
          Optional<OutputRepair> repair = choice.compensation().of(subLayer);
          assertThat(repair.isPresent()).isEqualTo(compensation.equals("affine"));
          repair.ifPresent(
              fitted -> {
                assertClose(
                    subLayer + " slopes",
                    fitted.scale().orElseThrow(),
                    GoldenTensors.doubles(tensors.get(prefix + "A")));
                assertClose(
                    subLayer + " intercepts",
                    fitted.bias().orElseThrow(),
                    GoldenTensors.doubles(tensors.get(prefix + "B")));
              });
        });
    double expected = result.get("ppl_after").asDouble();
    assertThat(perplexity(choice)).isCloseTo(expected, within(1e-4 * expected));
  }

  /** To 1e-3 of the largest. */
  private static void assertClose(String what, float[] actual, double[] expected) {
    double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).hasSameSizeAs(expected);
    for (int c = 0; c < expected.length; c++) {
      assertThat((double) actual[c])
          .as(what + " " + c)
          .isCloseTo(expected[c], within(1e-3 * largest));
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

  @Test
  void an_interrupted_pass_goes_on_with_the_same_choice(@TempDir Path folder) {
    Recipe recipe = recipe(Map.of());
    TokenWindows few = calibration.first(8);
    Allocation allocation = allocate(Map.of(), 0.3, Locks.NONE);
    ImportanceMap importance = ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), dense);
    Pruner pruner = new Pruner(decoder, recipe);
    assertThatThrownBy(
            () ->
                pruner.choose(
                    allocation,
                    importance,
                    dense,
                    Optional.of(few),
                    new FolderPassJournal(folder, 0),
                    (stage, done, total) -> {
                      if (stage.equals("Measuring block 3")) {
                        throw new CancelledException();
                      }
                    }))
        .isInstanceOf(CancelledException.class);
    List<String> stages = new ArrayList<>();

    Pruner.Choice resumed =
        pruner.choose(
            allocation,
            importance,
            dense,
            Optional.of(few),
            new FolderPassJournal(folder, 0),
            (stage, done, total) -> stages.add(stage));

    assertThat(stages).contains("Measuring block 3").doesNotContain("Measuring block 2");
    assertThat(resumed)
        .usingRecursiveComparison()
        .isEqualTo(Measuring.choose(recipe, decoder, allocation, importance, dense, few));
  }

  @Test
  void similarities_from_covariances_equal_the_naive_correlations() {
    SplittableRandom random = new SplittableRandom(5);
    int tokens = 50;
    int outputs = 7;
    int units = 4;
    int width = 3;
    double[][] inputs = new double[tokens][units * width];
    double[][] weight = new double[outputs][units * width];
    for (double[] row : inputs) {
      Arrays.setAll(row, j -> random.nextDouble(-1, 2));
    }
    for (double[] row : weight) {
      Arrays.setAll(row, j -> (float) random.nextDouble(-1, 1));
    }
    boolean[] some = {true, false, true, true};
    boolean[] other = {false, true, false, false};

    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      double[] mean = new double[units * width];
      for (double[] row : inputs) {
        for (int j = 0; j < mean.length; j++) {
          mean[j] += row[j] / tokens;
        }
      }
      double[] scatter = new double[mean.length * mean.length];
      for (double[] row : inputs) {
        for (int i = 0; i < scatter.length; i++) {
          int a = i / mean.length;
          int b = i % mean.length;
          scatter[i] += (row[a] - mean[a]) * (row[b] - mean[b]);
        }
      }
      float[] flat = new float[outputs * mean.length];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = (float) weight[i / mean.length][i % mean.length];
      }
      NDArray covariance = scope.doubles(scatter, mean.length, mean.length);
      double[] fast =
          ContributionCovariances.of(scope.array(flat, outputs, mean.length), covariance, units)
              .similarities(some, other);

      assertThat(fast[0]).isCloseTo(naive(inputs, weight, some), within(1e-9));
      assertThat(fast[1]).isCloseTo(naive(inputs, weight, other), within(1e-9));
    }
  }

  private static double naive(double[][] inputs, double[][] weight, boolean[] units) {
    int width = weight[0].length / units.length;
    double sum = 0;
    for (double[] row : weight) {
      double[] part = new double[inputs.length];
      double[] whole = new double[inputs.length];
      for (int t = 0; t < inputs.length; t++) {
        for (int j = 0; j < row.length; j++) {
          double term = row[j] * inputs[t][j];
          whole[t] += term;
          part[t] += units[j / width] ? term : 0;
        }
      }
      sum += Math.abs(correlation(part, whole));
    }
    return sum;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = DoubleStream.of(a).average().orElseThrow();
    double meanB = DoubleStream.of(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int t = 0; t < a.length; t++) {
      ab += (a[t] - meanA) * (b[t] - meanB);
      aa += (a[t] - meanA) * (a[t] - meanA);
      bb += (b[t] - meanB) * (b[t] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.35, 0.5, 0.8})
  void the_target_solves_for_rho(double ratio) {
    Allocation allocation = allocate(Map.of(), ratio, Locks.NONE);

    double unit = 65536.0 / 8 / model.prunableParameters();
    assertThat(allocation.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(ratio, within(unit));
  }

  @Test
  void more_redundant_blocks_lose_more_and_the_others_nothing() {
    Allocation allocation = allocate(Map.of("layers", "4"), 0.2, Locks.NONE);

    // By their cosines: 1, 3, 2, 4; then 5 and 0.
    assertThat(allocation.keptChannels().get(1)).isLessThan(allocation.keptChannels().get(3));
    assertThat(allocation.keptChannels().get(3)).isLessThan(allocation.keptChannels().get(2));
    assertThat(allocation.keptChannels().get(2)).isLessThan(allocation.keptChannels().get(4));
    assertThat(allocation.keptChannels().get(5)).isEqualTo(344);
    assertThat(allocation.keptHeadGroups().get(0)).isEqualTo(8);
  }

  @Test
  void a_given_rho_keeps_its_locks() {
    Locks locks = Locks.NONE.with(SubLayer.feedForward(1), Hold.handSet(100));

    Allocation allocation = allocate(Map.of("rho", "0.25"), 0.5, locks);

    assertThat(allocation.kept(SubLayer.feedForward(1))).isEqualTo(100);
    assertThat(allocation.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.25, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({
    "rho, 1.5, from 0 to 1",
    "alpha, -1, from 0 to 1000",
    "layers, 0, from 1 to 10000",
    "layers, many, from 1 to 10000"
  })
  void a_parameter_that_makes_no_sense_is_named_with_its_range(
      String name, String value, String range) {
    assertThatThrownBy(() -> recipe(Map.of(name, value)))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(range)
        .hasMessageContaining(value);
  }

  @Test
  void more_blocks_than_there_are_cannot_be_pruned() {
    assertThatThrownBy(() -> allocate(Map.of("layers", "7"), 0.2, Locks.NONE))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("7 blocks")
        .hasMessageContaining("1 to 6");
  }
}
