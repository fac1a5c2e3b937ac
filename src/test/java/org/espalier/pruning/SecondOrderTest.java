package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.ImportanceMap;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.task.Progress;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchRuntime;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondOrderTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final int INPUTS = 12;
  private static final int OUTPUTS = 5;

  @BeforeEach
  void start() {
    TorchRuntime.shared().awaitReady();
  }

  private static Kernels kernels() {
    return Kernels.of("torchscript/second_order.py");
  }

  private static double[] random(int count, long seed) {
    return new SplittableRandom(seed).doubles(count, -1, 1).toArray();
  }

  /** Inputs that depend on each other, as the products of 40 rows. */
  private static NDArray gram(TorchScope scope) {
    NDArray rows =
        scope
            .manager()
            .create(random(40 * 7, 1), new Shape(40, 7))
            .matMul(scope.manager().create(random(7 * INPUTS, 2), new Shape(7, INPUTS)))
            .add(scope.manager().create(random(40 * INPUTS, 3), new Shape(40, INPUTS)).mul(0.3));
    return rows.transpose().matMul(rows).div(40);
  }

  private static NDArray weight(TorchScope scope) {
    return scope.manager().create(random(OUTPUTS * INPUTS, 4), new Shape(OUTPUTS, INPUTS));
  }

  private static NDArray damped(NDArray gram, double damping) {
    double mean = 0;
    for (int i = 0; i < INPUTS; i++) {
      mean += gram.getDouble(i, i) / INPUTS;
    }
    return gram.add(
        gram.getManager().eye(INPUTS).toType(gram.getDataType(), false).mul(damping * mean));
  }

  /** Squared error that is left when the kept inputs are solved for anew. */
  private static double error(NDArray weight, NDArray gram, List<Integer> kept) {
    NDArray whole = weight.matMul(gram).mul(weight).sum();
    if (kept.isEmpty()) {
      return whole.getDouble();
    }
    NDArray indices = gram.getManager().create(kept.stream().mapToLong(i -> i).toArray());
    NDArray rows = gram.get(indices);
    NDArray own = rows.transpose().get(indices);
    NDArray target = rows.matMul(weight.transpose());
    NDArray solved = TorchFunctions.solve(own, target);
    return whole.getDouble() - target.mul(solved).sum().getDouble();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void units_leave_in_the_order_of_the_error_that_is_left_when_all_else_is_solved_anew(int width) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray gram = gram(scope);
      NDArray weight = weight(scope);
      NDArray damped = damped(gram, 0.01);
      NDList result = kernels().callForList("eliminate", weight, gram, 0.01, width, 1);
      double[] ranks = result.get(0).toDoubleArray();
      double[] costs = result.get(1).toDoubleArray();

      int units = INPUTS / width;
      List<Integer> present = new ArrayList<>(IntStream.range(0, units).boxed().toList());
      double before = 0;
      for (int step = 0; step < units; step++) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int unit : present) {
          double left = error(weight, damped, inputs(present, unit, width));
          if (left < least) {
            least = left;
            best = unit;
          }
        }
        assertThat(ranks[best]).as("unit %d", best).isEqualTo(step);
        assertThat(costs[best]).isCloseTo(least - before, within(1e-9));
        before = least;
        present.remove(Integer.valueOf(best));
      }
    }
  }

  private static List<Integer> inputs(List<Integer> present, int without, int width) {
    return present.stream()
        .filter(unit -> unit != without)
        .flatMap(unit -> IntStream.range(unit * width, (unit + 1) * width).boxed())
        .toList();
  }

  @Test
  void several_at_a_step_cost_together_what_they_cost() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray gram = gram(scope);
      NDArray weight = weight(scope);
      NDList result = kernels().callForList("eliminate", weight, gram, 0.01, 1, 5);

      assertThat(result.get(0).toDoubleArray())
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      assertThat(result.get(1).sum().getDouble())
          .isCloseTo(error(weight, damped(gram, 0.01), List.of()), within(1e-9));
    }
  }

  @Test
  void inputs_that_never_vary_leave_first_and_cost_nothing() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      double[] elements = gram(scope).toDoubleArray();
      for (int i = 0; i < INPUTS; i++) {
        elements[4 * INPUTS + i] = 0;
        elements[i * INPUTS + 4] = 0;
      }
      NDArray gram = scope.manager().create(elements, new Shape(INPUTS, INPUTS));
      NDList result = kernels().callForList("eliminate", weight(scope), gram, 1e-6, 1, 1);
      NDList none = kernels().callForList("eliminate", weight(scope), gram.mul(0), 1e-6, 1, 1);

      assertThat(result.get(0).getDouble(4)).isZero();
      assertThat(none.get(1).sum().getDouble()).isLessThan(1e-20);
    }
  }

  @Test
  void a_copy_of_an_input_is_replaced_by_the_other_one_without_loss() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray rows = scope.manager().create(random(30 * 3, 6), new Shape(30, 3));
      NDArray copied = rows.concat(rows.get(":, 1:2").add(0.5), 1);
      NDArray gram = copied.transpose().matMul(copied).div(30);
      NDArray weight = scope.manager().create(random(8, 7), new Shape(2, 4));
      NDList repaired =
          kernels()
              .callForList(
                  "reconstruct",
                  weight,
                  gram,
                  copied.mean(new int[] {0}),
                  scope.manager().create(new long[] {0, 1, 2}),
                  1e-9);

      NDArray expected = copied.matMul(weight.transpose());
      NDArray given =
          rows.matMul(repaired.get(0).toType(rows.getDataType(), false).transpose())
              .add(repaired.get(1).toType(rows.getDataType(), false));
      assertThat(expected.sub(given).abs().max().getDouble()).isLessThan(1e-5);
    }
  }

  @Test
  void what_is_left_comes_closer_to_the_whole_than_after_flap() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("families/llama-gqa-llama3rope"));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      int[][] ids = new int[8][];
      SplittableRandom random = new SplittableRandom(5);
      for (int row = 0; row < ids.length; row++) {
        ids[row] = random.ints(24, 0, decoder.config().vocabularySize()).toArray();
      }
      assertThat(shift(decoder, "obs", ids)).isLessThan(0.9 * shift(decoder, "flap", ids));
    }
  }

  /** Mean squared change of the last hidden state when half of every sub-layer is gone. */
  private static double shift(Decoder decoder, String method, int[][] ids) {
    Method found = MethodRegistry.standard().get(method);
    Recipe recipe = found.recipe(ParameterValues.of(found.description(), Map.of()));
    TokenWindows windows = TokenWindows.of(ids);
    Statistics statistics = Measuring.of(recipe, decoder, windows);
    List<Integer> groups = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    for (int block = 0; block < decoder.blocks().blocks(); block++) {
      groups.add(half(decoder, SubLayer.attention(block)));
      channels.add(half(decoder, SubLayer.feedForward(block)));
    }
    Pruner.Choice choice =
        new Pruner(decoder, recipe)
            .choose(
                new Allocation(groups, channels),
                ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics),
                statistics,
                Optional.of(windows),
                PassJournal.NONE,
                Progress.SILENT);
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      CutBlocks cut =
          new CutBlocks(
              decoder.blocks(),
              choice.blocks(),
              choice.compensation(),
              decoder.config().headSize());
      NDArray dense = decoder.forward(scope.tokens(ids), Progress.SILENT);
      NDArray pruned = decoder.withBlocks(cut).forward(scope.tokens(ids), Progress.SILENT);
      return dense.sub(pruned).square().mean().getFloat();
    }
  }

  private static int half(Decoder decoder, SubLayer subLayer) {
    SubLayerKind kind = subLayer.kind();
    return Math.max(1, decoder.blocks().shape(subLayer.block()).units(kind) / 2);
  }
}
