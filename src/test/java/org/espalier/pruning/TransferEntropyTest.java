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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.Target;
import org.espalier.allocation.WaterFillingAllocator;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerCost;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.importance.TransferEntropyScorer;
import org.espalier.statistics.DecodeLatency;
import org.espalier.statistics.FinalEntropyPass;
import org.espalier.statistics.FolderPassJournal;
import org.espalier.statistics.HeadEntropyPass;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.ForwardingBlocks;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TE-Prune against a reference in double precision, and what its parts promise. */
class TransferEntropyTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final WaterFillingAllocator.Settings DEFAULT =
      new WaterFillingAllocator.Settings(1, 1, 2, 1, 0.5, WaterFillingAllocator.Split.JOINT);

  private static Decoder decoder;
  private static PrunableModel model;
  private static TokenWindows calibration;
  private static Statistics statistics;
  private static SubLayerScores scores;
  private static JsonNode golden;

  @BeforeAll
  static void measureOnce() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      model = PrunableModels.of(DecoderLayout.of(checkpoint));
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    }
    calibration = TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512);
    statistics = Measuring.of(recipe(Map.of()), decoder, calibration);
    scores = recipe(Map.of()).subLayerScores(decoder.config(), statistics);
    golden = new ObjectMapper().readTree(GOLDEN.resolve("tiny-mha/te-prune/result.json").toFile());
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static Recipe recipe(Map<String, String> parameters) {
    Method method = MethodRegistry.standard().get("te-prune");
    return method.recipe(ParameterValues.of(method.description(), parameters));
  }

  private static void assertGolden(String name, ToDoubleFunction<SubLayer> value) {
    assertGolden(name, golden.get(name), value);
  }

  private static void assertGolden(
      String name, JsonNode expected, ToDoubleFunction<SubLayer> value) {
    List<SubLayer> subLayers = model.subLayers();
    assertThat(expected).hasSize(subLayers.size());
    for (int s = 0; s < subLayers.size(); s++) {
      double number = expected.get(s).asDouble();
      assertThat(value.applyAsDouble(subLayers.get(s)))
          .as(name + " of the " + subLayers.get(s).label())
          .isCloseTo(number, within(1e-4 * Math.abs(number)));
    }
  }

  private static SubLayerScore score(SubLayer subLayer) {
    return scores.of(subLayer).orElseThrow();
  }

  @Test
  void scores_are_those_of_the_reference() {
    assertGolden("transfer_entropy", subLayer -> score(subLayer).score());
    assertGolden("importance", subLayer -> score(subLayer).share());
    assertGolden("cost_share", subLayer -> score(subLayer).costShare());
    assertGolden("u", subLayer -> score(subLayer).worth());
    assertGolden("w", subLayer -> Math.exp(-score(subLayer).worth()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.2", "0.3", "0.5"})
  void ratios_are_those_of_the_reference(String ratio) {
    Target target = new Target(Double.parseDouble(ratio), RatioDefinition.PRUNABLE);
    WaterFillingAllocator allocator =
        new WaterFillingAllocator(model, scores, DEFAULT, SubLayerRemoval.ALLOWED);

    Map<SubLayer, Double> ratios = allocator.ratios(target, Locks.NONE);

    assertGolden("ratio", golden.get("targets").get(ratio).get("ratios"), ratios::get);
  }

  @Test
  void at_half_the_parameters_whole_sub_layers_go() {
    Allocation allocation = allocate(0.5);

    assertThat(allocation.keptHeadGroups().get(3)).isZero();
    assertThat(allocation.kept(SubLayer.feedForward(4))).isZero();
    assertThat(allocation.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.5, within(oneChannel()));
  }

  private static Allocation allocate(double ratio) {
    Recipe recipe = recipe(Map.of());
    return recipe
        .allocation()
        .prepare(model, importance(recipe), scores)
        .allocate(new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE);
  }

  private static ImportanceMap importance(Recipe recipe) {
    return ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
  }

  private static double oneChannel() {
    return (double) model.blocks().get(0).parametersPerChannel() / model.prunableParameters();
  }

  @Test
  void targets_are_met_within_one_channel() {
    for (double ratio = 0; ratio < 0.7; ratio += 0.013) {
      assertThat(allocate(ratio).removedShare(model, RatioDefinition.PRUNABLE))
          .isCloseTo(ratio, within(oneChannel()));
    }
  }

  @Test
  void a_branch_that_adds_nothing_has_no_transfer_entropy() {
    SubLayer silent = SubLayer.attention(2);
    Statistics measured =
        new FinalEntropyPass(8, FinalEntropyPass.Features.FINAL)
            .measure(
                decoder.withBlocks(new Silenced(decoder.blocks(), silent)),
                calibration,
                PassJournal.NONE,
                Progress.SILENT);

    assertThat(measured.vector(silent, FinalEntropyPass.Features.FINAL.skipped()))
        .isEqualTo(measured.vector(silent, FinalEntropyPass.Features.FINAL.dense()));
    assertThat(measured.vector(SubLayer.attention(1), FinalEntropyPass.Features.FINAL.skipped()))
        .isNotEqualTo(measured.vector(silent, FinalEntropyPass.Features.FINAL.dense()));
  }

  /** The blocks with one output projection set to zero. */
  private record Silenced(BlockSource dense, SubLayer subLayer) implements BlockSource {
    @Override
    public Device device() {
      return dense.device();
    }

    @Override
    public int blocks() {
      return dense.blocks();
    }

    @Override
    public BlockShape shape(int block) {
      return dense.shape(block);
    }

    @Override
    public BlockWeights load(int block) {
      BlockWeights weights = dense.load(block);
      if (block != subLayer.block()) {
        return weights;
      }
      Map<WeightSlot, NDArray> tensors = new EnumMap<>(weights.tensors());
      tensors.computeIfPresent(WeightSlot.output(subLayer.kind()), (slot, tensor) -> tensor.mul(0));
      return new BlockWeights(weights.shape(), tensors, weights::close);
    }

    @Override
    public void close() {
      // borrows the dense blocks
    }
  }

  @ParameterizedTest
  @EnumSource(BlockPlacement.class)
  void every_placement_measures_the_same_bits(BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
        Decoder placed = Decoder.open(checkpoint, Device.cpu(), placement)) {
      assertSame(entropies(placed, PassJournal.NONE, Progress.SILENT), entropies());
    }
  }

  @Test
  void a_cancelled_measurement_goes_on_where_it_stood(@TempDir Path folder) {
    assertThatThrownBy(
            () ->
                entropies(
                    decoder,
                    new FolderPassJournal(folder, 0),
                    (stage, done, total) -> {
                      if (stage.contains("of block 3 ")) {
                        throw new CancelledException();
                      }
                    }))
        .isInstanceOf(CancelledException.class);
    List<String> stages = new ArrayList<>();

    Statistics resumed =
        entropies(
            decoder, new FolderPassJournal(folder, 0), (stage, done, total) -> stages.add(stage));

    assertThat(stages).noneMatch(stage -> stage.contains("of block 2 "));
    assertThat(stages).anyMatch(stage -> stage.contains("of block 3 "));
    assertSame(resumed, entropies());
  }

  @Test
  void progress_never_goes_back_and_ends_at_its_total() {
    List<Long> steps = new ArrayList<>();
    long[] last = new long[1];
    entropies(
        decoder,
        PassJournal.NONE,
        (stage, done, total) -> {
          steps.add(done);
          last[0] = total;
        });

    assertThat(steps).isSorted().endsWith(last[0]);
  }

  private static Statistics entropies() {
    return entropies(decoder, PassJournal.NONE, Progress.SILENT);
  }

  private static Statistics entropies(Decoder from, PassJournal journal, Progress progress) {
    return new FinalEntropyPass(8, FinalEntropyPass.Features.FINAL)
        .measure(from, calibration, journal, progress);
  }

  private static void assertSame(Statistics actual, Statistics expected) {
    for (SubLayer subLayer : model.subLayers()) {
      for (String name :
          List.of(
              FinalEntropyPass.Features.FINAL.dense(), FinalEntropyPass.Features.FINAL.skipped())) {
        assertThat(actual.vector(subLayer, name))
            .as(name)
            .containsExactly(expected.vector(subLayer, name));
      }
    }
  }

  @Test
  void measured_times_are_positive_and_alike_for_sub_layers_alike() {
    Statistics times =
        DecodeLatency.INSTANCE.measure(decoder, calibration, PassJournal.NONE, Progress.SILENT);

    SubLayerScores judged =
        new TransferEntropyScorer(
                1,
                SubLayerCost.LATENCY,
                0,
                FinalEntropyPass.Features.FINAL,
                false,
                TransferEntropyScorer.Law.EXPONENTIAL)
            .score(decoder.config(), statistics.with(times));

    for (SubLayer subLayer : model.subLayers()) {
      assertThat(times.vector(subLayer, DecodeLatency.SECONDS)[0])
          .isPositive()
          .isEqualTo(times.vector(new SubLayer(0, subLayer.kind()), DecodeLatency.SECONDS)[0]);
    }
    assertThat(judged.scores().values().stream().mapToDouble(SubLayerScore::costShare).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void compensated_sub_layers_fed_dense_inputs_keep_their_mean_output() {
    Recipe recipe = recipe(Map.of());
    Pruner.Choice choice =
        Measuring.choose(
            recipe, decoder, allocate(0.5), importance(recipe), statistics, calibration);
    CutBlocks cut =
        new CutBlocks(
            decoder.blocks(), choice.blocks(), choice.compensation(), decoder.config().headSize());
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, calibration.toArray())) {
      for (int block = 0; block < decoder.config().blocks(); block++) {
        for (SubLayerKind kind : SubLayerKind.values()) {
          SubLayerKind other =
              kind == SubLayerKind.ATTENTION ? SubLayerKind.FEED_FORWARD : SubLayerKind.ATTENTION;
          try (BlockWeights dense = decoder.blocks().load(block);
              BlockWeights denseHalf = dense.without(other);
              BlockWeights pruned = cut.load(block);
              BlockWeights prunedHalf = pruned.without(other);
              HiddenStates shortened = states.fork()) {
            double[] before = means(states);
            advance(shortened, block, prunedHalf);
            final double[] actual = means(shortened);
            advance(states, block, denseHalf);
            double[] expected = means(states);
            assertMeanBranch(new SubLayer(block, kind), before, actual, expected);
          }
        }
      }
    }
  }

  private static void assertMeanBranch(
      SubLayer subLayer, double[] before, double[] actual, double[] expected) {
    double largest = 0;
    for (int c = 0; c < before.length; c++) {
      largest = Math.max(largest, Math.abs(expected[c] - before[c]));
    }
    for (int c = 0; c < before.length; c++) {
      assertThat(actual[c])
          .as("mean output of the " + subLayer.label())
          .isCloseTo(expected[c], within(1e-3 * largest));
    }
  }

  private static void advance(HiddenStates states, int block, BlockWeights weights) {
    for (int batch = 0; batch < states.batches(); batch++) {
      states.advance(batch, block, weights);
    }
  }

  /** Mean over tokens by channel. */
  private static double[] means(HiddenStates states) {
    double[] means = new double[decoder.config().hiddenSize()];
    for (int batch = 0; batch < states.batches(); batch++) {
      try (TorchScope scope = TorchScope.open()) {
        float[] part =
            states.batch(batch).reshape(-1, means.length).mean(new int[] {0}).toFloatArray();
        for (int c = 0; c < means.length; c++) {
          means[c] += (double) part[c] / states.batches();
        }
      }
    }
    return means;
  }

  @Test
  void entropies_behind_later_blocks_end_with_those_of_the_final_features() {
    FinalEntropyPass.Features later = FinalEntropyPass.Features.LATER;
    Statistics behindAll =
        new FinalEntropyPass(8, later)
            .measure(decoder, calibration, PassJournal.NONE, Progress.SILENT);
    Statistics behindLast = entropies();

    for (SubLayer subLayer : model.subLayers()) {
      double[] dense = behindAll.vector(subLayer, later.dense());
      double[] skipped = behindAll.vector(subLayer, later.skipped());
      assertThat(dense).hasSize(model.blocks().size() - subLayer.block()).doesNotHaveDuplicates();
      assertThat(skipped).hasSameSizeAs(dense);
      assertThat(dense[dense.length - 1])
          .isEqualTo(behindLast.vector(subLayer, FinalEntropyPass.Features.FINAL.dense())[0]);
      assertThat(skipped[dense.length - 1])
          .isEqualTo(behindLast.vector(subLayer, FinalEntropyPass.Features.FINAL.skipped())[0]);
    }
    assertThat(behindAll.vector(SubLayer.attention(1), later.dense()))
        .endsWith(behindAll.vector(SubLayer.feedForward(4), later.dense()));
  }

  @Test
  void entropies_of_logits_are_sums_of_the_logarithms_of_their_deviations() {
    FinalEntropyPass.Features logits = FinalEntropyPass.Features.LOGITS;
    TokenWindows four = calibration.first(4);
    Statistics measured =
        new FinalEntropyPass(4, logits)
            .measure(decoder, calibration, PassJournal.NONE, Progress.SILENT);
    double expected = 0;
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray scores =
          decoder.logits(decoder.forward(scope.tokens(four.toArray()), Progress.SILENT));
      NDArray rows = scores.reshape(-1, decoder.config().vocabularySize());
      NDArray centred = rows.sub(rows.mean(new int[] {0}));
      for (float variance : centred.square().mean(new int[] {0}).toFloatArray()) {
        expected += 0.5 * Math.log(variance);
      }
    }

    assertThat(measured.vector(SubLayer.attention(0), logits.dense())[0])
        .isCloseTo(expected, within(1e-4 * Math.abs(expected)));
    assertThat(measured.vector(SubLayer.attention(0), logits.skipped())[0])
        .isNotCloseTo(expected, within(0.1));
  }

  @Test
  void only_what_adds_entropy_counts_where_signs_do() {
    SubLayer adding = SubLayer.attention(0);
    SubLayer taking = SubLayer.attention(1);
    Map<SubLayer, Map<String, double[]>> vectors =
        Map.of(
            adding, entropies(5, 3),
            taking, entropies(5, 9));

    assertThat(scorer(Map.of()).entropy(taking, new Statistics(vectors))).isEqualTo(4);
    assertThat(scorer(Map.of("change", "signed")).entropy(taking, new Statistics(vectors)))
        .isZero();
    assertThat(scorer(Map.of("change", "signed")).entropy(adding, new Statistics(vectors)))
        .isEqualTo(2);
  }

  private static Map<String, double[]> entropies(double dense, double skipped) {
    return Map.of(
        FinalEntropyPass.Features.FINAL.dense(), new double[] {dense},
        FinalEntropyPass.Features.FINAL.skipped(), new double[] {skipped});
  }

  private static TransferEntropyScorer scorer(Map<String, String> parameters) {
    return (TransferEntropyScorer) recipe(parameters).subLayerScorer().orElseThrow();
  }

  @Test
  void linear_ratios_fall_with_the_share_of_the_transfer_entropy() {
    Map<SubLayer, Double> ratios = ratios(Map.of("law", "linear"));

    for (SubLayer subLayer : model.subLayers()) {
      assertThat(ratios.get(subLayer) / ratios.get(SubLayer.attention(0)))
          .isCloseTo(
              (1 - score(subLayer).share()) / (1 - score(SubLayer.attention(0)).share()),
              within(1e-9));
    }
  }

  @Test
  void softmax_ratios_fall_exponentially_with_the_transfer_entropy() {
    Map<SubLayer, Double> ratios = ratios(Map.of("law", "softmax"));
    double mean = 1.0 / model.subLayers().size();

    for (SubLayer subLayer : model.subLayers()) {
      double distance = score(subLayer).share() - score(SubLayer.attention(0)).share();
      assertThat(Math.log(ratios.get(subLayer) / ratios.get(SubLayer.attention(0))))
          .isCloseTo(-distance / mean, within(1e-9));
    }
  }

  @Test
  void kinds_lose_by_their_cost_and_their_mean_transfer_entropy() {
    Map<SubLayer, Double> ratios = ratios(Map.of("split", "kinds"));
    double[] removed = new double[2];
    double[] wanted = new double[2];
    for (SubLayerKind kind : SubLayerKind.values()) {
      double shares = 0;
      double costs = 0;
      for (SubLayer subLayer : model.subLayers()) {
        if (subLayer.kind() == kind) {
          removed[kind.ordinal()] +=
              ratios.get(subLayer) * model.units(subLayer) * model.parametersPerUnit(subLayer);
          shares += score(subLayer).share();
          costs += score(subLayer).costShare();
        }
      }
      wanted[kind.ordinal()] = costs / shares;
    }

    assertThat(removed[0] / removed[1]).isCloseTo(wanted[0] / wanted[1], within(1e-3));
    assertThat(ratios).isNotEqualTo(ratios(Map.of()));
  }

  /** At a target so low that no sub-layer reaches its highest share. */
  private static Map<SubLayer, Double> ratios(Map<String, String> parameters) {
    Recipe recipe = recipe(parameters);
    return ((WaterFillingAllocator)
            recipe
                .allocation()
                .prepare(
                    model, importance(recipe), recipe.subLayerScores(decoder.config(), statistics)))
        .ratios(new Target(0.05, RatioDefinition.PRUNABLE), Locks.NONE);
  }

  @Test
  void wanda_scores_rank_heads_by_norms_that_are_not_squared() {
    double[] wanda = importance(recipe(Map.of("metric", "wanda"))).scores(SubLayer.attention(0));
    double[] squared = importance(recipe(Map.of("metric", "WIFN"))).scores(SubLayer.attention(0));

    for (int head = 0; head < wanda.length; head++) {
      // The mean of squares lies above the square of the mean, for channels that differ.
      assertThat(squared[head]).isGreaterThan(wanda[head] * wanda[head]);
    }
  }

  @Test
  void head_groups_may_score_their_own_transfer_entropy() {
    HeadEntropyPass pass = new HeadEntropyPass(8, false);
    Statistics measured = pass.measure(decoder, calibration, PassJournal.NONE, Progress.SILENT);
    Statistics wholes = entropies();
    int last = model.blocks().size() - 1;
    for (SubLayer attention : List.of(SubLayer.attention(1), SubLayer.attention(last))) {
      double dense = wholes.vector(attention, FinalEntropyPass.Features.FINAL.dense())[0];
      int masked = 2;
      List<BlockPlan> plans =
          new ArrayList<>(decoder.config().shapes().stream().map(BlockPlan::keepAll).toList());
      plans.set(
          attention.block(),
          new BlockPlan(
              decoder.config().shape(attention.block()),
              UnitSet.of(masked).complement(model.units(attention)),
              UnitSet.all(model.units(SubLayer.feedForward(attention.block())))));
      Decoder without =
          decoder.withBlocks(
              new MaskedBlocks(
                  decoder.blocks(), plans, Compensation.NONE, decoder.config().headSize()));

      assertThat(measured.vector(attention, pass.dense())).containsExactly(dense);
      assertThat(measured.vector(attention, pass.skipped()))
          .hasSize(model.units(attention))
          .doesNotContain(dense);
      assertThat(measured.vector(attention, pass.skipped())[masked])
          .as("the model with the head group masked")
          .isCloseTo(
              entropies(without, PassJournal.NONE, Progress.SILENT)
                  .vector(attention, FinalEntropyPass.Features.FINAL.dense())[0],
              within(1e-6 * Math.abs(dense)));
    }
    Recipe recipe = recipe(Map.of("heads", "entropy", "sequences", "8"));
    Statistics all = statistics.with(measured);
    ImportanceMap byEntropy = ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), all);

    assertThat(recipe.measurements()).contains(pass);
    assertThat(byEntropy.scores(SubLayer.attention(1))[2])
        .isEqualTo(
            Math.abs(
                measured.vector(SubLayer.attention(1), pass.dense())[0]
                    - measured.vector(SubLayer.attention(1), pass.skipped())[2]));
    assertThat(byEntropy.scores(SubLayer.feedForward(1)))
        .containsExactly(importance(recipe(Map.of())).scores(SubLayer.feedForward(1)));
  }

  @Test
  void a_head_group_that_writes_nothing_has_no_transfer_entropy() {
    HeadEntropyPass pass = new HeadEntropyPass(2, true);
    Decoder silenced =
        decoder.withBlocks(
            new ForwardingBlocks(decoder.blocks()) {
              @Override
              public BlockWeights load(int block) {
                BlockWeights weights = source().load(block);
                int size = decoder.config().headSize();
                Map<WeightSlot, NDArray> tensors = weights.exchangeableTensors();
                tensors.computeIfPresent(
                    WeightSlot.OUTPUT,
                    (slot, output) ->
                        TorchFunctions.without(
                            output,
                            1,
                            TorchScope.current()
                                .manager()
                                .create(LongStream.range(3L * size, 4L * size).toArray())));
                return new BlockWeights(weights.shape(), tensors, weights::close);
              }
            });

    Statistics measured = pass.measure(silenced, calibration, PassJournal.NONE, Progress.SILENT);

    for (int block = 0; block < model.blocks().size(); block++) {
      SubLayer attention = SubLayer.attention(block);
      assertThat(measured.vector(attention, pass.skipped())[3])
          .isEqualTo(measured.vector(attention, pass.dense())[0]);
    }
  }

  @Test
  void iterative_order_measures_anew_and_meets_the_target_around_locks() {
    Recipe recipe = recipe(Map.of("order", "iterative", "sequences", "4"));
    SubLayer held = SubLayer.feedForward(3);
    Locks locks = Locks.NONE.with(held, Hold.locked(300));
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    Allocation preview =
        recipe.allocation().prepare(model, importance(recipe), scores).allocate(target, locks);

    List<String> stages = new ArrayList<>();
    List<Double> shares = new ArrayList<>();

    Allocation settled =
        new Pruner(decoder, recipe, locks)
            .settle(
                preview,
                importance(recipe),
                statistics,
                Optional.of(calibration),
                (stage, done, total) -> {
                  stages.add(stage);
                  if (stage.startsWith("Transfer entropy")) {
                    shares.add((double) done / total);
                  }
                });

    assertThat(settled).isNotEqualTo(preview);
    assertThat(settled.kept(held)).isEqualTo(300);
    assertThat(settled.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.3, within(2 * oneChannel()));
    // Protected blocks keep half of their units.
    assertThat(settled.kept(SubLayer.feedForward(0))).isGreaterThanOrEqualTo(172);
    // It takes ten measurements, so it says first how long.
    assertThat(stages.get(0)).isEqualTo("Estimating how long the transfer entropy takes");
    assertThat(stages)
        .anyMatch(stage -> stage.matches(".*measurement 1 of 10, about \\d+ (s|min) in all"));
    assertThat(shares).isSorted();
    assertThat(recipe.sliderAnswer()).isEqualTo(SliderAnswer.PREVIEW);
    assertThat(recipe(Map.of()).sliderAnswer()).isEqualTo(SliderAnswer.INSTANT);
  }

  @Test
  void says_what_is_wrong_with_a_parameter() {
    assertThatThrownBy(() -> recipe(Map.of("tau", "0")))
        .isInstanceOf(EspalierException.class)
        .hasMessage(
            "Parameter tau of method te-prune must be a number from 0.01 to 1000, not '0'.");
    assertThatThrownBy(() -> recipe(Map.of("pmax", "NaN"))).hasMessageContaining("0.01 to 1,");
    assertThatThrownBy(() -> recipe(Map.of("sequences", "-1"))).hasMessageContaining("sequences");
  }

  @Test
  void says_that_it_is_reconstructed() {
    MethodDescription description = MethodRegistry.standard().get("te-prune").description();

    assertThat(description.summary()).contains("reconstructed");
    assertThat(description.source()).contains("Reconstructed");
  }
}
