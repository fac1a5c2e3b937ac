package org.espalier.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.TrainingExamples;
import org.espalier.pruning.BlockPlan;
import org.espalier.pruning.Compensation;
import org.espalier.pruning.CutBlocks;
import org.espalier.pruning.Plan;
import org.espalier.pruning.UnitSet;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.torch.Kernels;
import org.espalier.torch.LiveArrays;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchRuntime;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that lost half the channels of its upper blocks learns some of it again. */
class LowRankRecoveryTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir Path folder;

  @BeforeEach
  void start() {
    TorchRuntime.shared().awaitReady();
  }

  private static RecoverySettings settings(Object... changes) {
    Map<RecoverySetting, String> values = new HashMap<>();
    values.put(RecoverySetting.RANK, "4");
    values.put(RecoverySetting.BATCH, "4");
    values.put(RecoverySetting.STEPS, "6");
    values.put(RecoverySetting.WARM_UP, "1");
    values.put(RecoverySetting.EVALUATE_EVERY, "3");
    values.put(RecoverySetting.SAVE_EVERY, "2");
    values.put(RecoverySetting.DROPOUT, "0.1");
    for (int i = 0; i < changes.length; i += 2) {
      values.put((RecoverySetting) changes[i], String.valueOf(changes[i + 1]));
    }
    return RecoverySettings.of(values);
  }

  private static TrainingExamples examples(int from, int to) {
    Corpus corpus = Corpus.read(GOLDEN.resolve("heldout-windows.json"), 512);
    return TrainingExamples.of(corpus.source(), corpus.windows().orElseThrow().shortenedTo(32))
        .part(from, to);
  }

  /** What a training came to: its points, and the merged weights of one projection. */
  private record Ending(RecoveryOutcome outcome, List<RecoveryPoint> told, float[] merged) {}

  private static Ending train(RecoverySettings settings, Path journal, Progress progress) {
    return train(settings, journal, progress, BlockPlacement.RESIDENT);
  }

  private static Ending train(
      RecoverySettings settings, Path journal, Progress progress, BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), placement);
        Decoder decoder = dense.withBlocks(half(dense));
        TorchScope scope = TorchScope.open(Device.cpu());
        LowRankRecovery recovery =
            new LowRankRecovery(decoder, examples(0, 24), examples(24, 32), settings)) {
      List<RecoveryPoint> told = new ArrayList<>();
      RecoveryOutcome outcome =
          recovery.train(new TrainingCheckpoints(journal), told::add, progress);
      try (BlockSource merged = recovery.merged(decoder.blocks());
          BlockWeights block = merged.load(2)) {
        return new Ending(outcome, told, block.require(WeightSlot.DOWN).toFloatArray());
      }
    }
  }

  /** Every other feed-forward channel gone from the upper half of the blocks. */
  private static BlockSource half(Decoder dense) {
    List<BlockPlan> blocks = new ArrayList<>();
    for (int block = 0; block < dense.blocks().blocks(); block++) {
      BlockShape shape = dense.blocks().shape(block);
      UnitSet channels =
          block < 3
              ? UnitSet.all(shape.channels())
              : UnitSet.of(IntStream.range(0, shape.channels() / 2).map(i -> 2 * i).toArray());
      blocks.add(new BlockPlan(shape, UnitSet.all(shape.headGroups()), channels));
    }
    Plan plan =
        new Plan(
            "tiny",
            "",
            "by hand",
            Map.of(),
            new Target(0.1, RatioDefinition.PRUNABLE),
            "",
            blocks,
            Compensation.NONE);
    return new CutBlocks(dense.blocks(), plan, dense.config().headSize());
  }

  private static List<Double> losses(RecoveryOutcome outcome) {
    return outcome.points().stream().map(point -> point.loss().orElse(0)).toList();
  }

  @Test
  void training_brings_the_loss_down_and_keeps_the_best_look() {
    Ending ending =
        train(
            settings(RecoverySetting.STEPS, 12, RecoverySetting.RATE, 0.0005),
            folder,
            Progress.SILENT);

    assertThat(ending.told()).isEqualTo(ending.outcome().points()).hasSize(13);
    assertThat(ending.outcome().best().perplexity().getAsDouble())
        .isLessThan(0.99 * ending.outcome().before());
    assertThat(ending.outcome().ending()).isEqualTo("all 12 steps done");
    assertThat(ending.told().get(0).loss()).isEmpty();
    assertThat(ending.told().stream().filter(point -> point.perplexity().isPresent()))
        .extracting(RecoveryPoint::step)
        .containsExactly(0, 3, 6, 9, 12);
  }

  @Test
  void adapters_that_were_not_trained_change_nothing() {
    Ending ending =
        train(
            settings(RecoverySetting.STEPS, 1, RecoverySetting.RATE, 1e-8),
            folder,
            Progress.SILENT);
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
        BlockWeights block = decoder.blocks().load(2)) {
      assertThat(ending.merged())
          .containsExactly(block.require(WeightSlot.DOWN).toFloatArray(), within(1e-6f));
    }
  }

  @Test
  void merged_weights_compute_as_adapters_beside_them() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
        Decoder decoder = dense.withBlocks(half(dense));
        TorchScope scope = TorchScope.open(Device.cpu());
        LowRankAdapters adapters =
            new LowRankAdapters(decoder, settings(RecoverySetting.DROPOUT, 0))) {
      // As after a training: no factor is zero.
      for (NDArray factor : adapters.factors()) {
        TorchFunctions.overwrite(
            factor,
            Kernels.of(LowRankAdapters.KERNELS).call("uniform", factor.getShape().getShape(), 0.1));
      }
      NDArray ids = scope.tokens(new int[] {5, 3, 200, 41, 7, 7, 90, 12});

      NDArray beside = logits(decoder.withBlocks(adapters.beside(decoder.blocks())), ids);
      NDArray merged = logits(decoder.withBlocks(adapters.into(decoder.blocks())), ids);

      assertThat(beside.sub(logits(decoder, ids)).abs().max().getFloat()).isGreaterThan(0.1f);
      assertThat(merged.sub(beside).abs().max().getFloat()).isLessThan(1e-4f);
    }
  }

  private static NDArray logits(Decoder decoder, NDArray ids) {
    return decoder.logits(decoder.forward(ids, Progress.SILENT));
  }

  @Test
  void a_training_stopped_twice_ends_in_the_same_bits_as_one_in_a_go() {
    Ending whole = train(settings(), folder.resolve("whole"), Progress.SILENT);
    for (int stop : List.of(2, 5)) {
      assertThatThrownBy(
              () ->
                  train(
                      settings(),
                      folder.resolve("stopped"),
                      (stage, done, total) -> {
                        if (done >= stop) {
                          throw new CancelledException();
                        }
                      }))
          .isInstanceOf(CancelledException.class);
    }

    Ending resumed = train(settings(), folder.resolve("stopped"), Progress.SILENT);

    assertThat(losses(resumed.outcome())).isEqualTo(losses(whole.outcome()));
    assertThat(resumed.outcome().best().perplexity())
        .isEqualTo(whole.outcome().best().perplexity());
    assertThat(resumed.merged()).isEqualTo(whole.merged());
    assertThat(resumed.told()).hasSameSizeAs(whole.told());
  }

  @Test
  void a_killed_training_goes_on_behind_its_last_checkpoint() {
    Ending whole = train(settings(), folder.resolve("whole"), Progress.SILENT);
    int[] steps = {0};
    assertThatThrownBy(
            () ->
                train(
                    settings(),
                    folder.resolve("killed"),
                    (stage, done, total) -> {
                      steps[0] = (int) done;
                      if (done == 5) {
                        throw new IllegalStateException("killed without a word");
                      }
                    }))
        .hasMessage("killed without a word");

    Ending resumed = train(settings(), folder.resolve("killed"), Progress.SILENT);

    assertThat(steps[0]).isEqualTo(5);
    assertThat(resumed.merged()).isEqualTo(whole.merged());
  }

  @Test
  void streamed_blocks_learn_the_same() {
    Ending resident = train(settings(), folder.resolve("resident"), Progress.SILENT);
    Ending streamed =
        train(settings(), folder.resolve("streamed"), Progress.SILENT, BlockPlacement.STREAMED);

    assertThat(losses(streamed.outcome())).isEqualTo(losses(resident.outcome()));
    assertThat(streamed.merged()).isEqualTo(resident.merged());
  }

  @Test
  void a_training_that_gets_no_better_ends_early_and_keeps_what_was_best() {
    Ending ending =
        train(
            settings(
                RecoverySetting.STEPS,
                60,
                RecoverySetting.RATE,
                0.5,
                RecoverySetting.WARM_UP,
                0,
                RecoverySetting.EVALUATE_EVERY,
                1,
                RecoverySetting.PATIENCE,
                2),
            folder,
            Progress.SILENT);

    assertThat(ending.outcome().steps()).isLessThan(60);
    assertThat(ending.outcome().ending()).startsWith("no better for 2 looks");
    assertThat(ending.outcome().best().step()).isEqualTo(ending.outcome().steps() - 2);
  }

  @Test
  void time_ends_a_training_with_its_rate_run_down() {
    Ending ending =
        train(
            settings(RecoverySetting.STEPS, 100_000, RecoverySetting.MINUTES, 0.02),
            folder,
            Progress.SILENT);

    assertThat(ending.outcome().ending()).startsWith("time was up");
    List<RecoveryPoint> points = ending.outcome().points();
    assertThat(points.get(points.size() - 1).rate()).isLessThan(points.get(1).rate());
    assertThat(points.get(points.size() - 1).perplexity()).isPresent();
  }

  @Test
  void nothing_native_is_left_behind() {
    train(settings(), folder.resolve("first"), Progress.SILENT);
    int before = LiveArrays.count();
    train(settings(), folder.resolve("second"), Progress.SILENT);

    assertThat(LiveArrays.count()).isEqualTo(before);
  }
}
