package org.espalier.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Autograd;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients block by block, against one backward pass through the whole model. */
class GradientPassTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final GradientPass FIRST = new GradientPass(0, false);
  private static final GradientPass SECOND = new GradientPass(0, true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/tiny-mha",
        "families/llama-gqa-llama3rope",
        "families/qwen2-tied",
        "families/mistral-sliding",
        "families/qwen3",
        "families/phi3-longrope",
        "families/gemma2",
        "families/gemma3",
        "families/llama-bf16"
      })
  void streamed_gradients_are_those_of_the_whole_model(String model) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT)) {
      TokenWindows windows = windows(decoder, 3);
      Map<SubLayer, double[]> expected = wholeModel(decoder, windows);

      Statistics batched = measure(FIRST, decoder, windows);
      Statistics single = measure(SECOND, decoder, windows);

      assertThat(expected).hasSize(2 * decoder.config().blocks());
      expected.forEach(
          (subLayer, slices) -> {
            assertNear(batched.vector(subLayer, Salience.FIRST_ORDER.statistic()), slices);
            assertNear(single.vector(subLayer, Salience.FIRST_ORDER.statistic()), slices);
          });
    }
  }

  @Test
  void the_second_order_of_one_window_is_its_first_order_squared() {
    try (Decoder decoder = tiny(BlockPlacement.RESIDENT)) {
      Statistics one = measure(SECOND, decoder, windows(decoder, 1));
      SubLayer subLayer = SubLayer.feedForward(2);
      double[] signed = one.vector(subLayer, Salience.FIRST_ORDER.statistic());
      double[] absolute = one.vector(subLayer, Salience.FIRST_ORDER_ABSOLUTE.statistic());
      double[] second = one.vector(subLayer, Salience.SECOND_ORDER.statistic());
      double[] mixed = one.vector(subLayer, Salience.MIXED_ABSOLUTE.statistic());

      int width = decoder.config().hiddenSize();
      for (int slice = 0; slice < signed.length; slice++) {
        assertThat(absolute[slice]).isGreaterThanOrEqualTo(Math.abs(signed[slice]) * 0.9999);
        // Of n numbers the sum of squares lies between the squared sum over n and the squared sum.
        assertThat(second[slice])
            .isBetween(
                0.999 * absolute[slice] * absolute[slice] / width,
                1.001 * absolute[slice] * absolute[slice]);
        assertThat(mixed[slice])
            .isBetween(
                0.999 * (absolute[slice] - second[slice] / 2),
                1.001 * (absolute[slice] + second[slice] / 2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BlockPlacement.class)
  void every_placement_measures_the_same_bits(BlockPlacement placement) {
    try (Decoder resident = tiny(BlockPlacement.RESIDENT);
        Decoder placed = tiny(placement)) {
      TokenWindows windows = windows(resident, 4);

      assertSame(measure(SECOND, placed, windows), measure(SECOND, resident, windows));
    }
  }

  @Test
  void weights_are_as_before_and_keep_no_gradients() {
    try (Decoder decoder = tiny(BlockPlacement.RESIDENT)) {
      TokenWindows windows = windows(decoder, 2);

      Statistics first = measure(FIRST, decoder, windows);

      assertSame(measure(FIRST, decoder, windows), first);
      try (BlockWeights weights = decoder.blocks().load(0)) {
        assertThat(weights.tensors().values()).noneMatch(NDArray::hasGradient);
      }
    }
  }

  @Test
  void a_cancelled_pass_goes_on_at_the_block_where_it_stood(@TempDir Path folder) {
    try (Decoder decoder = tiny(BlockPlacement.STREAMED)) {
      TokenWindows windows = windows(decoder, 3);
      assertThatThrownBy(
              () ->
                  SECOND.measure(
                      decoder,
                      windows,
                      new FolderPassJournal(folder, 0),
                      (stage, done, total) -> {
                        if (stage.startsWith("Gradients of block 2 ")) {
                          throw new CancelledException();
                        }
                      }))
          .isInstanceOf(CancelledException.class);
      List<String> stages = new ArrayList<>();

      Statistics resumed =
          SECOND.measure(
              decoder,
              windows,
              new FolderPassJournal(folder, 0),
              (stage, done, total) -> stages.add(stage));

      assertThat(stages).noneMatch(stage -> stage.startsWith("Gradients of block 3 "));
      assertThat(stages).anyMatch(stage -> stage.startsWith("Gradients of block 2 "));
      assertSame(resumed, measure(SECOND, decoder, windows));
    }
  }

  @Test
  void progress_never_goes_back_and_ends_at_its_total() {
    try (Decoder decoder = tiny(BlockPlacement.RESIDENT)) {
      List<Long> steps = new ArrayList<>();
      long[] last = new long[1];
      FIRST.measure(
          decoder,
          windows(decoder, 2),
          PassJournal.NONE,
          (stage, done, total) -> {
            steps.add(done);
            last[0] = total;
          });

      assertThat(steps).isSorted().endsWith(last[0]);
    }
  }

  @Test
  void windows_of_one_token_are_refused() {
    try (Decoder decoder = tiny(BlockPlacement.RESIDENT)) {
      assertThatThrownBy(() -> measure(FIRST, decoder, TokenWindows.of(new int[][] {{1}, {2}})))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("at least 2 tokens");
    }
  }

  private static Decoder tiny(BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      return Decoder.open(checkpoint, Device.cpu(), placement);
    }
  }

  private static Statistics measure(GradientPass pass, Decoder decoder, TokenWindows windows) {
    return pass.measure(decoder, windows, PassJournal.NONE, Progress.SILENT);
  }

  private static TokenWindows windows(Decoder decoder, int count) {
    int[][] ids = new int[count][20];
    for (int w = 0; w < count; w++) {
      for (int t = 0; t < 20; t++) {
        ids[w][t] = (w * 131 + t * t * 7 + t) % decoder.config().vocabularySize();
      }
    }
    return TokenWindows.of(ids);
  }

  /** The signed first order of every slice, from all gradients of the model at once. */
  private static Map<SubLayer, double[]> wholeModel(Decoder decoder, TokenWindows windows) {
    Map<SubLayer, double[]> slices = new HashMap<>();
    int blocks = decoder.config().blocks();
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      List<BlockWeights> recorded = new ArrayList<>();
      List<BlockWeights> loaded = new ArrayList<>();
      try (Autograd autograd = Autograd.record()) {
        NDArray ids = scope.tokens(windows.toArray());
        NDArray hidden = decoder.embed(ids);
        for (int block = 0; block < blocks; block++) {
          BlockWeights weights = decoder.blocks().load(block);
          loaded.add(weights);
          Map<WeightSlot, NDArray> tensors = new EnumMap<>(WeightSlot.class);
          weights.tensors().forEach((slot, t) -> tensors.put(slot, Autograd.parameter(t)));
          recorded.add(new BlockWeights(weights.shape(), tensors, () -> {}));
          hidden = decoder.forward(block, recorded.get(block), hidden);
        }
        autograd.backward(
            Kernels.of("torchscript/gradients.py")
                .call("next_token_loss", decoder.logits(hidden), ids));
      }
      for (int block = 0; block < blocks; block++) {
        for (SubLayerKind kind : SubLayerKind.values()) {
          slices.put(new SubLayer(block, kind), firstOrder(recorded.get(block), kind));
        }
      }
      recorded.forEach(BlockWeights::close);
      loaded.forEach(BlockWeights::close);
    }
    return slices;
  }

  private static double[] firstOrder(BlockWeights weights, SubLayerKind kind) {
    List<Double> values = new ArrayList<>();
    for (WeightSlot matrix : CoupledSlices.matrices(kind)) {
      NDArray weight = weights.require(matrix);
      NDArray gradient = Autograd.gradients(List.of(weight)).get(0);
      int along = matrix == WeightSlot.OUTPUT || matrix == WeightSlot.DOWN ? 0 : 1;
      for (float value : weight.mul(gradient).sum(new int[] {along}).toFloatArray()) {
        values.add((double) value);
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void assertNear(double[] actual, double[] expected) {
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isPositive();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("slice " + i).isCloseTo(expected[i], within(1e-4 * largest));
    }
  }

  private static void assertSame(Statistics actual, Statistics expected) {
    assertThat(actual.subLayers()).hasSameElementsAs(expected.subLayers()).isNotEmpty();
    for (SubLayer subLayer : expected.subLayers()) {
      expected
          .of(subLayer)
          .forEach(
              (name, vector) ->
                  assertThat(actual.vector(subLayer, name)).as(name).containsExactly(vector));
    }
  }
}
