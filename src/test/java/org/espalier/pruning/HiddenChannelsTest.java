package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.ConstrainedAllocator;
import org.espalier.allocation.Hold;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.export.ExportTarget;
import org.espalier.export.ExportTargets;
import org.espalier.export.ModelOutline;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScores;
import org.espalier.statistics.Statistics;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Autograd;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LLM-Pruner's other structure: channels of the residual stream, through the whole model. */
class HiddenChannelsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Target TWENTY = new Target(0.2, RatioDefinition.PRUNABLE);

  private static Recipe recipe(String importance) {
    Method method = MethodRegistry.standard().get("llm-pruner");
    return method.recipe(
        ParameterValues.of(
            method.description(), Map.of("structure", "channels", "importance", importance)));
  }

  private static Decoder open(String model, BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model))) {
      return Decoder.open(checkpoint, Device.cpu(), placement);
    }
  }

  private static PrunableModel sizes(String model) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model))) {
      return PrunableModels.of(DecoderLayout.of(checkpoint));
    }
  }

  private static TokenWindows windows(Decoder decoder) {
    int[][] ids = new int[4][20];
    for (int w = 0; w < ids.length; w++) {
      for (int t = 0; t < ids[w].length; t++) {
        ids[w][t] = (w * 131 + t * t * 7 + t) % decoder.config().vocabularySize();
      }
    }
    return TokenWindows.of(ids);
  }

  private static double[] scores(String importance, Decoder decoder) {
    Recipe recipe = recipe(importance);
    return recipe
        .hiddenScorer()
        .orElseThrow()
        .score(decoder.config(), Measuring.of(recipe, decoder, windows(decoder)));
  }

  private static Pruner.Choice choose(String importance, Decoder decoder, PrunableModel sizes) {
    Recipe recipe = recipe(importance);
    TokenWindows windows = windows(decoder);
    Statistics statistics = Measuring.of(recipe, decoder, windows);
    ImportanceMap map = ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
    Allocation allocation =
        recipe.allocation().prepare(sizes, map, SubLayerScores.NONE).allocate(TWENTY, Locks.NONE);
    return Measuring.choose(recipe, decoder, allocation, map, statistics, windows);
  }

  /** One backward pass through all weights at once, added up with plain loops. */
  @ParameterizedTest
  @ValueSource(strings = {"models/tiny-mha", "families/qwen3", "families/phi3"})
  void first_order_scores_are_those_of_the_whole_model(String model) {
    try (Decoder decoder = open(model, BlockPlacement.RESIDENT)) {
      double[] expected = wholeModel(decoder, windows(decoder));

      double[] actual = scores("param_first", decoder);

      assertThat(actual)
          .hasSize(decoder.config().hiddenSize())
          .containsExactly(expected, within(1e-4 * Arrays.stream(expected).max().orElseThrow()));
    }
  }

  private static double[] wholeModel(Decoder decoder, TokenWindows windows) {
    double[] scores = new double[decoder.config().hiddenSize()];
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray norm = Autograd.parameter(decoder.finalNorm());
      NDArray head = Autograd.parameter(decoder.head());
      float[] embedding = new float[(int) head.size()];
      Map<WeightSlot, NDArray>[] blocks = parameters(decoder);
      for (int w = 0; w < windows.count(); w++) {
        try (TorchScope inner = TorchScope.open()) {
          int[] ids = windows.window(w);
          NDArray rows = Autograd.parameter(decoder.embed(inner.tokens(ids)));
          try (Autograd autograd = Autograd.record()) {
            NDArray hidden = rows;
            for (int b = 0; b < blocks.length; b++) {
              try (BlockWeights weights =
                  new BlockWeights(decoder.blocks().shape(b), blocks[b], () -> {})) {
                hidden = decoder.forward(b, weights, hidden);
              }
            }
            NDArray logits = decoder.logits(hidden, norm, head).get("0, 0:" + (ids.length - 1));
            int[] next = Arrays.copyOfRange(ids, 1, ids.length);
            autograd.backward(
                TorchFunctions.meanCrossEntropy(logits, inner.tokens(next).reshape(-1)));
          }
          float[] gradient = Autograd.gradients(List.of(rows)).get(0).toFloatArray();
          for (int i = 0; i < gradient.length; i++) {
            embedding[ids[i / scores.length] * scores.length + i % scores.length] += gradient[i];
          }
        }
      }
      float[] table = decoder.embeddingTable().toFloatArray();
      for (int i = 0; i < table.length; i++) {
        scores[i % scores.length] += Math.abs(table[i] * embedding[i]) / windows.count();
      }
      add(scores, norm, 0, windows.count());
      add(scores, head, 1, windows.count());
      for (Map<WeightSlot, NDArray> block : blocks) {
        block.forEach(
            (slot, tensor) ->
                slot.hiddenDimension()
                    .ifPresent(along -> add(scores, tensor, along, windows.count())));
      }
    }
    return scores;
  }

  @SuppressWarnings("unchecked")
  private static Map<WeightSlot, NDArray>[] parameters(Decoder decoder) {
    Map<WeightSlot, NDArray>[] blocks = new Map[decoder.config().blocks()];
    for (int b = 0; b < blocks.length; b++) {
      blocks[b] = new EnumMap<>(WeightSlot.class);
      try (BlockWeights weights = decoder.blocks().load(b)) {
        for (Map.Entry<WeightSlot, NDArray> entry : weights.tensors().entrySet()) {
          blocks[b].put(entry.getKey(), Autograd.parameter(TorchFunctions.copy(entry.getValue())));
        }
      }
    }
    return blocks;
  }

  private static void add(double[] scores, NDArray weight, int along, int windows) {
    float[] weights = weight.toFloatArray();
    float[] gradients = Autograd.gradients(List.of(weight)).get(0).toFloatArray();
    int columns = weights.length / (int) weight.getShape().get(0);
    for (int i = 0; i < weights.length; i++) {
      scores[along == 0 ? i / columns : i % columns] +=
          Math.abs(weights[i] * gradients[i]) / windows;
    }
  }

  @Test
  void norms_add_up_over_the_whole_model() {
    try (Decoder decoder = open("families/qwen2-tied", BlockPlacement.RESIDENT);
        TorchScope scope = TorchScope.open(decoder.device())) {
      double[] expected = new double[decoder.config().hiddenSize()];
      absolute(expected, decoder.embeddingTable(), 1);
      absolute(expected, decoder.head(), 1);
      absolute(expected, decoder.finalNorm(), 0);
      for (int b = 0; b < decoder.config().blocks(); b++) {
        try (BlockWeights weights = decoder.blocks().load(b)) {
          weights
              .tensors()
              .forEach(
                  (slot, tensor) ->
                      slot.hiddenDimension().ifPresent(along -> absolute(expected, tensor, along)));
        }
      }

      assertThat(scores("l1", decoder)).containsExactly(expected, within(1e-3));
    }
  }

  private static void absolute(double[] sums, NDArray weight, int along) {
    float[] weights = weight.toFloatArray();
    int columns = weights.length / (int) weight.getShape().get(0);
    for (int i = 0; i < weights.length; i++) {
      sums[along == 0 ? i / columns : i % columns] += Math.abs(weights[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(BlockPlacement.class)
  void every_placement_scores_the_same_bits(BlockPlacement placement) {
    try (Decoder resident = open("families/llama-gqa-llama3rope", BlockPlacement.RESIDENT);
        Decoder placed = open("families/llama-gqa-llama3rope", placement)) {
      assertThat(scores("param_mix", placed)).containsExactly(scores("param_mix", resident));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/tiny-mha",
        "families/llama-gqa-llama3rope",
        "families/llama-tied-headdim-bias",
        "families/llama-bf16",
        "families/mistral-sliding",
        "families/phi3-longrope",
        "families/qwen2-tied",
        "families/qwen3"
      })
  void cutting_computes_as_masking_does(String model) {
    try (Decoder dense = open(model, BlockPlacement.RESIDENT)) {
      Pruner.Choice choice = choose("l2", dense, sizes(model));
      HiddenPlan hidden = choice.hidden().orElseThrow();
      Plan plan =
          new Plan(
              "",
              "",
              "",
              Map.of(),
              TWENTY,
              "",
              choice.blocks(),
              choice.compensation(),
              choice.hidden());

      assertThat(choice.blocks()).allMatch(BlockPlan::keepsAllChannels);
      assertThat(choice.blocks()).allMatch(BlockPlan::keepsAllHeadGroups);
      assertThat(hidden.kept().size()).isLessThan(hidden.dense());
      assertThat(plan.allocation().removedShare(sizes(model), RatioDefinition.PRUNABLE))
          .isCloseTo(0.2, within(0.51 / hidden.dense()));
      try (Decoder cut = plan.applied(dense);
          Decoder masked = plan.masked(dense);
          TorchScope scope = TorchScope.open(dense.device())) {
        NDArray ids = scope.tokens(windows(dense).window(0));
        NDArray expected = cut.logits(cut.forward(ids, Progress.SILENT));
        NDArray actual = masked.logits(masked.forward(ids, Progress.SILENT));
        assertThat(masked.config().hiddenSize()).isEqualTo(dense.config().hiddenSize());
        assertThat(actual.sub(expected).abs().max().getFloat()).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void locks_make_it_impossible_and_the_sentence_says_why() {
    PrunableModel model = sizes("models/tiny-mha");
    Locks locks = Locks.NONE.with(SubLayer.attention(3), Hold.locked(8));

    assertThatThrownBy(
            () ->
                recipe("l1")
                    .allocation()
                    .prepare(model, null, SubLayerScores.NONE)
                    .allocate(TWENTY, locks))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessage(
            "The "
                + SubLayer.attention(3).label()
                + " is locked, hand-set or has units picked by hand, but hidden channels run"
                + " through every sub-layer, so all blocks change alike and no lock can be kept."
                + " Remove all locks, or choose structure=blocks.");
  }

  static Stream<String> targets() {
    return ExportTargets.all().stream().map(ExportTarget::name);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_target_that_wants_multiples_gets_the_nearest_hidden_size(String name) {
    PrunableModel model = sizes("models/tiny-mha");
    ExportTarget target = ExportTargets.named(name);
    try (Decoder dense = open("models/tiny-mha", BlockPlacement.STREAMED)) {
      WidthConstraint sixteen = target.constraint(dense.config(), false, 16);
      Allocator free = recipe("l1").allocation().prepare(model, null, SubLayerScores.NONE);

      Allocation answer =
          new ConstrainedAllocator(model, free, sixteen).allocate(TWENTY, Locks.NONE);

      assertThat(free.allocate(TWENTY, Locks.NONE).keptHidden()).hasValue(102);
      assertThat(answer.keptHidden()).hasValue(96);
      try (Decoder narrowed = dense.narrowed(IntStream.range(0, 96).toArray())) {
        assertThat(target.refusal(ModelOutline.of(narrowed, Progress.SILENT))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RatioDefinition.class)
  void every_definition_of_the_ratio_is_met_within_one_channel(RatioDefinition definition) {
    PrunableModel model = sizes("models/tiny-mha");
    Allocation allocation =
        recipe("l1")
            .allocation()
            .prepare(model, null, SubLayerScores.NONE)
            .allocate(new Target(0.3, definition), Locks.NONE);

    assertThat(allocation.removedShare(model, definition)).isCloseTo(0.3, within(0.51 / 128));
  }

  @Test
  void everything_cannot_go() {
    assertThatThrownBy(
            () ->
                recipe("l1")
                    .allocation()
                    .prepare(sizes("models/tiny-mha"), null, SubLayerScores.NONE)
                    .allocate(new Target(1, RatioDefinition.TOTAL), Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("nearest feasible target");
  }

  @Test
  void a_family_whose_embeddings_depend_on_the_hidden_size_is_refused() {
    try (Decoder decoder = open("families/gemma2", BlockPlacement.RESIDENT)) {
      assertThatThrownBy(() -> decoder.narrowed(new int[] {0, 1}))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("gemma2")
          .hasMessageContaining("prune units of the blocks");
    }
  }

  @Test
  void a_plan_keeps_its_channels_on_disk(@TempDir Path folder) {
    try (Decoder decoder = open("models/tiny-mha", BlockPlacement.RESIDENT)) {
      Pruner.Choice choice = choose("random", decoder, sizes("models/tiny-mha"));
      Plan plan =
          new Plan(
              "tiny",
              "hash",
              "llm-pruner",
              Map.of(),
              TWENTY,
              "",
              choice.blocks(),
              choice.compensation(),
              choice.hidden());

      PlanFile.write(folder, plan);

      assertThat(PlanFile.read(folder)).isEqualTo(plan);
      assertThat(plan.hidden().orElseThrow().kept().size()).isEqualTo(102);
    }
  }
}
