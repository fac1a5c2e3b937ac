package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.HandPickedAllocator;
import org.espalier.allocation.Hold;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Ranking;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.export.ExportOptions;
import org.espalier.export.ExportTargets;
import org.espalier.export.PrunedModel;
import org.espalier.export.WeightFormat;
import org.espalier.importance.ImportanceMap;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.ForwardingBlocks;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every registered method promises, on small models of several families. */
class MethodContractTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String PRUNED = "pruned before";
  private static final String SMALLEST = "families/llama-yarn";

  @TempDir static Path folder;

  private static final Target THIRTY = new Target(0.3, RatioDefinition.PRUNABLE);

  static Stream<Arguments> methodsAndModels() {
    return methods()
        .flatMap(
            method ->
                Stream.of(
                        "models/tiny-mha",
                        "families/llama-gqa-llama3rope",
                        "families/mistral-sliding",
                        "families/qwen2-tied",
                        "families/qwen3",
                        "families/phi3-longrope",
                        "families/gemma2",
                        "families/gemma3",
                        PRUNED)
                    .map(model -> Arguments.of(method, model)));
  }

  /** A checkpoint that was pruned before: whole sub-layers and a whole block are gone. */
  @BeforeAll
  static void prune() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT)) {
      BlockShape dense = decoder.config().shape(0);
      float[] bias = new float[decoder.config().hiddenSize()];
      Arrays.fill(bias, 0.01f);
      List<BlockPlan> blocks =
          List.of(
              new BlockPlan(dense, UnitSet.of(0, 1, 2, 5, 6, 7), UnitSet.all(344)),
              new BlockPlan(dense, UnitSet.of(), UnitSet.all(300)),
              new BlockPlan(dense, UnitSet.all(8), UnitSet.of()),
              new BlockPlan(dense, UnitSet.of(), UnitSet.of()),
              BlockPlan.keepAll(dense),
              new BlockPlan(dense, UnitSet.all(7), UnitSet.all(200)));
      CutBlocks cut =
          new CutBlocks(
              decoder.blocks(),
              blocks,
              Compensation.ofBiases(
                  Map.of(
                      SubLayer.attention(0), bias,
                      SubLayer.attention(1), bias,
                      SubLayer.feedForward(5), bias)),
              decoder.config().headSize());
      ExportTargets.perLayer()
          .export(
              new PrunedModel(checkpoint, decoder.withBlocks(cut)),
              new ExportOptions(WeightFormat.F32, folder.resolve(PRUNED), false, Map.of()),
              Progress.SILENT);
    }
  }

  private static Path model(String name) {
    return name.equals(PRUNED) ? folder.resolve(PRUNED) : GOLDEN.resolve(name);
  }

  static Stream<String> methods() {
    return MethodRegistry.standard().descriptions().stream().map(MethodDescription::name);
  }

  @ParameterizedTest
  @MethodSource("methodsAndModels")
  void hits_its_target_around_locks_and_masks_as_it_cuts(String name, String model) {
    keepsItsPromises(recipe(name, Map.of()), model);
  }

  /** Each choice of each parameter that is not the default, all others being it. */
  static Stream<Arguments> methodsAndChoices() {
    return MethodRegistry.standard().descriptions().stream()
        .flatMap(
            method ->
                method.parameters().stream()
                    .flatMap(
                        parameter ->
                            parameter.choices().stream()
                                .filter(choice -> !choice.equals(parameter.defaultValue()))
                                .map(
                                    choice ->
                                        Arguments.of(method.name(), parameter.name(), choice))));
  }

  @ParameterizedTest
  @MethodSource("methodsAndChoices")
  void every_choice_of_a_parameter_keeps_the_promises(
      String name, String parameter, String choice) {
    keepsItsPromises(recipe(name, Map.of(parameter, choice)), SMALLEST);
  }

  /** Choices that measure something of their own. */
  static Stream<Arguments> otherMeasurements() {
    return Stream.of(
        Arguments.of("llm-pruner", Map.of("structure", "channels")),
        Arguments.of("te-prune", Map.of("heads", "entropy")),
        Arguments.of("te-prune", Map.of("order", "iterative")));
  }

  @ParameterizedTest
  @MethodSource("otherMeasurements")
  void so_they_do_with_tied_heads_and_what_was_pruned_before(
      String name, Map<String, String> parameters) {
    keepsItsPromises(recipe(name, parameters), "families/qwen2-tied");
    keepsItsPromises(recipe(name, parameters), PRUNED);
  }

  private static Recipe recipe(String name, Map<String, String> parameters) {
    Method method = MethodRegistry.standard().get(name);
    return method.recipe(ParameterValues.of(method.description(), parameters));
  }

  /** Around one locked and one hand-set sub-layer, and two units picked by hand. */
  private static void keepsItsPromises(Recipe recipe, String model) {
    try (Checkpoint checkpoint = Checkpoint.open(model(model));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT)) {
      PrunableModel sizes = PrunableModels.of(DecoderLayout.of(checkpoint));
      TokenWindows windows = windows(decoder);
      Statistics statistics = Measuring.of(recipe, decoder, windows);
      ImportanceMap importance =
          ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
      SubLayer locked = SubLayer.feedForward(1);
      SubLayer handSet = SubLayer.attention(0);
      SubLayer picked = SubLayer.feedForward(0);
      int half = sizes.units(handSet) / 2;
      Ranking ranking = Ranking.of(importance, picked);
      int least = ranking.unitAt(ranking.units() - 1);
      int most = ranking.unitAt(0);
      Locks held =
          Locks.NONE
              .with(locked, Hold.locked(sizes.units(locked)))
              .with(handSet, Hold.handSet(half))
              .withPicked(picked, HandPicked.NONE.keeping(least).dropping(most));
      Allocator allocator =
          new HandPickedAllocator(
              sizes,
              recipe
                  .allocation()
                  .prepare(sizes, importance, recipe.subLayerScores(decoder.config(), statistics)));
      boolean hidden = recipe.hiddenScorer().isPresent();
      if (hidden) {
        assertThatThrownBy(() -> allocator.allocate(THIRTY, held))
            .as("hidden channels go around no lock")
            .isInstanceOf(InfeasibleTargetException.class)
            .hasMessageContaining("no lock can be kept");
      }
      Locks locks = hidden ? Locks.NONE : held;
      Allocation allocation =
          Measuring.settle(
              recipe,
              decoder,
              allocator.allocate(THIRTY, locks),
              locks,
              importance,
              statistics,
              windows);
      Pruner.Choice choice =
          Measuring.choose(recipe, decoder, locks, allocation, importance, statistics, windows);
      Plan plan =
          new Plan(
              "",
              "",
              "",
              Map.of(),
              THIRTY,
              "",
              choice.blocks(),
              choice.compensation(),
              choice.hidden());

      assertThat(plan.allocation()).isEqualTo(allocation);
      if (!hidden) {
        assertThat(plan.blocks().get(1).keepsAllChannels()).as("the locked sub-layer").isTrue();
        assertThat(plan.allocation().kept(handSet)).as("the hand-set ratio").isEqualTo(half);
        assertThat(plan.blocks().get(0).channels().contains(least)).isTrue();
        assertThat(plan.blocks().get(0).channels().contains(most)).isFalse();
      }
      assertThat(allocation.removedShare(sizes, RatioDefinition.PRUNABLE))
          .isCloseTo(0.3, within(coarseness(allocator, allocation, sizes)));
      assertThat(largestLogitDifference(decoder, plan, windows)).isLessThan(1e-4);
    }
  }

  static Stream<Arguments> allMeasurements() {
    return Stream.concat(methods().map(name -> Arguments.of(name, Map.of())), otherMeasurements());
  }

  @ParameterizedTest
  @MethodSource("allMeasurements")
  void can_be_cancelled_within_a_block(String name, Map<String, String> parameters) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("families/qwen2-tied"));
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      WatchedBlocks watched = new WatchedBlocks(dense.blocks());
      Decoder decoder = dense.withBlocks(watched);
      Recipe recipe = recipe(name, parameters);
      TokenWindows windows = windows(decoder);
      Statistics statistics = Measuring.of(recipe, decoder, windows, watched);
      ImportanceMap importance =
          ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
      PrunableModel sizes = PrunableModels.of(DecoderLayout.of(checkpoint));
      Allocation preview =
          recipe
              .allocation()
              .prepare(sizes, importance, recipe.subLayerScores(decoder.config(), statistics))
              .allocate(THIRTY, Locks.NONE);
      Pruner pruner = new Pruner(decoder, recipe);
      pruner.choose(
          pruner.settle(preview, importance, statistics, Optional.of(windows), watched),
          importance,
          statistics,
          Optional.of(windows),
          PassJournal.NONE,
          watched);

      assertThat(watched.mostLoadsBetweenReports()).isBetween(0, 2);
    }
  }

  /** Counts how many blocks are loaded from one report, at which work can stop, to the next. */
  private static final class WatchedBlocks extends ForwardingBlocks implements Progress {
    private int loads;
    private int most;

    WatchedBlocks(BlockSource source) {
      super(source);
    }

    @Override
    public void report(String stage, long done, long total) {
      most = mostLoadsBetweenReports();
      loads = 0;
    }

    int mostLoadsBetweenReports() {
      return Math.max(most, loads);
    }

    @Override
    public BlockWeights load(int block) {
      loads++;
      return source().load(block);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void explains_itself(String name) {
    MethodDescription description = MethodRegistry.standard().get(name).description();

    assertThat(description.title()).isNotBlank();
    assertThat(description.summary()).hasSizeGreaterThan(80).endsWith(".");
    assertThat(description.source()).isNotBlank();
    assertThat(description.sliderAnswer())
        .as("with the default parameters")
        .isEqualTo(recipe(name, Map.of()).sliderAnswer());
    for (MethodParameter parameter : description.parameters()) {
      assertThat(parameter.description()).endsWith(".");
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void refuses_parameters_that_it_does_not_have(String name) {
    MethodDescription description = MethodRegistry.standard().get(name).description();

    assertThatThrownBy(() -> ParameterValues.of(description, Map.of("nonsense", "1")))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("nonsense")
        .hasMessageContaining(name);
  }

  /** Eight windows of 24 tokens from all over the vocabulary. */
  private static TokenWindows windows(Decoder decoder) {
    int vocabulary = decoder.config().vocabularySize();
    int[][] ids = new int[8][24];
    for (int w = 0; w < ids.length; w++) {
      for (int t = 0; t < ids[w].length; t++) {
        ids[w][t] = (w * 131 + t * t * 7 + t) % vocabulary;
      }
    }
    return TokenWindows.of(ids);
  }

  /** One unit; half the largest block for a method that says that its steps are coarser. */
  private static double coarseness(
      Allocator allocator, Allocation allocation, PrunableModel sizes) {
    if (allocation.keptHidden().isPresent()) {
      return 1.0 / sizes.hidden().count();
    }
    if (allocator.remark(THIRTY, allocation).isEmpty()) {
      return largestUnit(sizes);
    }
    long largestBlock =
        sizes.blocks().stream()
            .mapToLong(PrunableModel.Block::prunableParameters)
            .max()
            .orElseThrow();
    return largestUnit(sizes) + 0.5 * largestBlock / sizes.prunableParameters();
  }

  private static double largestUnit(PrunableModel sizes) {
    return sizes.blocks().stream()
            .mapToLong(PrunableModel.Block::parametersPerHeadGroup)
            .max()
            .orElseThrow()
        / (double) sizes.prunableParameters();
  }

  private static double largestLogitDifference(Decoder dense, Plan plan, TokenWindows windows) {
    try (TorchScope scope = TorchScope.open(dense.device());
        Decoder masked = plan.masked(dense);
        Decoder cut = plan.applied(dense)) {
      List<NDArray> logits =
          Stream.of(masked, cut)
              .map(
                  planned ->
                      planned.logits(
                          planned.forward(scope.tokens(windows.window(0)), Progress.SILENT)))
              .toList();
      return logits.get(0).sub(logits.get(1)).abs().max().getFloat();
    }
  }
}
