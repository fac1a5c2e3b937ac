package org.espalier.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.LossCurve;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Sensitivity;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.pruning.BlockPlan;
import org.espalier.pruning.Compensation;
import org.espalier.pruning.CutBlocks;
import org.espalier.pruning.PrunableModels;
import org.espalier.pruning.UnitSet;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.torch.LiveArrays;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SensitivityPassTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static Checkpoint checkpoint;
  private static Decoder dense;
  private static PrunableModel model;
  private static TokenWindows slice;

  @BeforeAll
  static void open() {
    checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
    dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    model = PrunableModels.of(DecoderLayout.of(checkpoint));
    slice = TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512).first(4);
  }

  @AfterAll
  static void close() {
    dense.close();
    checkpoint.close();
  }

  private static List<BlockPlan> plans(Allocation allocation) {
    List<BlockPlan> plans = new ArrayList<>();
    for (int block = 0; block < allocation.blocks(); block++) {
      plans.add(
          new BlockPlan(
              dense.config().shape(block),
              UnitSet.all(allocation.keptHeadGroups().get(block)),
              UnitSet.all(allocation.keptChannels().get(block))));
    }
    return plans;
  }

  private static CutBlocks cut(Allocation allocation) {
    return new CutBlocks(
        dense.blocks(), plans(allocation), Compensation.NONE, dense.config().headSize());
  }

  private static SensitivityPass pass() {
    return pass(SensitivityPassTest::cut);
  }

  private static SensitivityPass pass(Function<Allocation, BlockSource> cut) {
    Allocation half = Allocation.even(model, 0.5);
    return new SensitivityPass(
        dense,
        slice,
        List.of(Allocation.dense(model), half, Allocation.even(model, 1)),
        List.of(half),
        cut);
  }

  private static double loss(Allocation allocation) {
    return Math.log(
        new Perplexity(
                dense.withBlocks(cut(allocation)),
                slice,
                Protocol.of("slice", slice, "none", "cpu", 0))
            .measure(point -> {}, Progress.SILENT)
            .perplexity());
  }

  private static Allocation with(Allocation allocation, SubLayer subLayer, int kept) {
    List<Integer> headGroups = new ArrayList<>(allocation.keptHeadGroups());
    List<Integer> channels = new ArrayList<>(allocation.keptChannels());
    switch (subLayer.kind()) {
      case ATTENTION -> headGroups.set(subLayer.block(), kept);
      case FEED_FORWARD -> channels.set(subLayer.block(), kept);
    }
    return new Allocation(headGroups, channels);
  }

  @Test
  void what_was_measured_before_needs_no_pruned_model() {
    List<double[]> steps = new ArrayList<>();
    Sensitivity measured = pass().measure(List.of(), steps::add, Progress.SILENT);

    SensitivityPass known =
        pass(
            level -> {
              throw new AssertionError("made " + level);
            });
    assertThat(known.measure(steps, step -> {}, Progress.SILENT).baselines().get(0).loss())
        .isEqualTo(measured.baselines().get(0).loss());
    assertThat(known.expected()).isPositive();
  }

  @Test
  void every_point_is_the_loss_of_that_very_model() {
    Sensitivity sensitivity = pass().measure(List.of(), step -> {}, Progress.SILENT);

    Allocation half = Allocation.even(model, 0.5);
    Sensitivity.Baseline baseline = sensitivity.baselines().get(0);
    assertThat(sensitivity.dense()).isCloseTo(loss(Allocation.dense(model)), within(1e-6));
    assertThat(baseline.loss()).isCloseTo(loss(half), within(1e-6));
    assertThat(baseline.curves()).hasSize(model.subLayers().size());
    for (SubLayer subLayer : List.of(SubLayer.attention(0), SubLayer.feedForward(1))) {
      LossCurve curve = baseline.curves().get(subLayer);
      int units = model.units(subLayer);
      assertThat(curve.kept()).containsExactly(0, units / 2, units);
      assertThat(curve.losses()[0]).isCloseTo(loss(with(half, subLayer, 0)), within(1e-5));
      assertThat(curve.losses()[2]).isCloseTo(loss(with(half, subLayer, units)), within(1e-5));
    }
  }

  @Test
  void goes_on_where_it_was_cancelled_and_leaves_nothing_behind() {
    final long before = LiveArrays.count();
    Sensitivity whole = pass().measure(List.of(), step -> {}, Progress.SILENT);
    List<double[]> finished = new ArrayList<>();
    assertThatThrownBy(
            () ->
                pass()
                    .measure(
                        List.of(),
                        finished::add,
                        (stage, done, total) -> {
                          assertThat(done).isBetween(0L, total);
                          if (finished.size() == 3) {
                            throw new CancelledException();
                          }
                        }))
        .isInstanceOf(CancelledException.class);
    int steps = finished.size();

    Sensitivity resumed = pass().measure(List.copyOf(finished), finished::add, Progress.SILENT);

    assertThat(steps).isEqualTo(3);
    assertThat(finished).hasSize(2 + model.blocks().size());
    assertThat(resumed).isEqualTo(whole);
    assertThat(LiveArrays.count()).isEqualTo(before);
  }

  @Test
  void tells_how_long_it_will_take() {
    assertThat(pass().expected()).isGreaterThan(Duration.ZERO);
  }
}
