package org.espalier.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.espalier.allocation.BlockCost;
import org.espalier.allocation.Budget;
import org.espalier.allocation.ModelCosts;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.pruning.PrunableModels;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.LiveArrays;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.junit.jupiter.api.Test;

class SpeedTest {
  private static final Path MODEL = Path.of("src/test/resources/golden/models/tiny-mha");

  private static Decoder open() {
    try (Checkpoint checkpoint = Checkpoint.open(MODEL)) {
      return Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT_FLOAT32);
    }
  }

  private static ModelCosts costs() {
    try (Checkpoint checkpoint = Checkpoint.open(MODEL)) {
      return PrunableModels.costs(DecoderLayout.of(checkpoint), checkpoint.tensorBytes());
    }
  }

  @Test
  void two_models_take_turns_and_their_ratio_has_a_spread() {
    try (Decoder decoder = open()) {
      // The first pass fills the table of rotations, which stays with the decoder.
      new Speed(16, 8, 0, 1).measure(decoder, costs(), Progress.SILENT);
      final int alive = LiveArrays.count();
      List<Long> steps = new ArrayList<>();
      SpeedComparison comparison =
          new Speed(16, 8, 1, 5)
              .compare(
                  decoder,
                  costs(),
                  decoder,
                  costs(),
                  (stage, done, total) -> {
                    steps.add(done);
                    assertThat(total).isEqualTo(12);
                  });

      assertThat(steps).hasSize(12).isSorted();
      assertThat(comparison.dense().prefillTokensPerSecond()).isPositive();
      assertThat(comparison.pruned().decodeTokensPerSecond()).isPositive();
      assertThat(comparison.dense().peakMemoryBytes()).isGreaterThanOrEqualTo(costs().bytes());
      assertThat(comparison.pruned().device()).isEqualTo("cpu");
      for (SpeedComparison.Spread spread : List.of(comparison.prefill(), comparison.decode())) {
        assertThat(spread.low()).isPositive().isLessThanOrEqualTo(spread.median());
        assertThat(spread.median()).isLessThanOrEqualTo(spread.high());
      }
      assertThat(LiveArrays.count()).isEqualTo(alive);
    }
  }

  @Test
  void a_batch_counts_the_tokens_of_all_its_texts() {
    try (Decoder decoder = open()) {
      SpeedResult one = new Speed(1, 8, 4, 1, 3).measure(decoder, costs(), Progress.SILENT);
      SpeedResult four = new Speed(4, 8, 4, 1, 3).measure(decoder, costs(), Progress.SILENT);

      assertThat(four.batch()).isEqualTo(4);
      assertThat(four.decode().low()).isLessThanOrEqualTo(four.decode().median());
      assertThat(four.decode().median()).isEqualTo(four.decodeTokensPerSecond());
      assertThat(four.decode().high()).isGreaterThanOrEqualTo(four.decode().median());
      assertThat(four.bytesPerToken()).isEqualTo(one.bytesPerToken());
    }
    assertThatThrownBy(() -> new Speed(0, 1, 1, 0, 1)).isInstanceOf(EspalierException.class);
  }

  /**
   * By hand: a row of the embedding, 6 blocks of 4 attention matrices of 128 x 128, 3 of 344 x 128
   * and 2 norms, the final norm and a head of 512 x 128; keys and values of 8 heads of 16 for 8 + 2
   * positions.
   */
  @Test
  void the_bytes_that_a_token_reads_are_counted_exactly() {
    long weights = 128 + 6L * (4 * 128 * 128 + 3 * 344 * 128 + 2 * 128) + 128 + 512 * 128;
    long cache = 6L * 2 * 8 * 16 * 10;
    try (Decoder decoder = open()) {
      SpeedResult result = new Speed(8, 4, 0, 1).measure(decoder, costs(), Progress.SILENT);

      int bytes = costs().bytesPerElement();
      assertThat(result.bytesPerToken()).isEqualTo(bytes * (weights + cache));
      // The same that the budget beside a draft says.
      assertThat(result.bytesPerToken()).isEqualTo(Budget.dense(costs(), 10).bytesRead());
      assertThat(result.blocks()).hasSize(6);
      assertThat(result.blocks().get(5).parameters())
          .isEqualTo(4 * 128 * 128 + 3 * 344 * 128 + 2 * 128);
      assertThat(result.blocks().get(5).macs())
          .isEqualTo(4 * 128 * 128 + 3 * 344 * 128 + 2 * 128 * 10);
      assertThat(result.blocks().stream().mapToLong(BlockCost::parameters).sum())
          .isEqualTo(costs().model().layerParameters());
    }
  }

  @Test
  void a_pruned_model_that_is_not_faster_comes_with_the_reason() {
    SpeedResult dense =
        new SpeedResult(
            100, 10, 1, 8, 4, 3, "cpu", 1, spread(100), spread(10), 1_000_000_000L, List.of());
    SpeedResult pruned =
        new SpeedResult(
            100, 10, 1, 8, 4, 3, "cpu", 1, spread(100), spread(10), 800_000_000L, List.of());
    SpeedComparison slow = new SpeedComparison(dense, pruned, spread(1), spread(1));
    try (Decoder decoder = open()) {
      assertThat(slow.decodeBound()).hasValue(1.25);
      assertThat(SpeedNotes.of(slow, 1_000_000_000L, decoder, OptionalLong.of(1 << 20)))
          .satisfiesExactly(
              note -> assertThat(note).contains("80 % of the bytes", "1.25 times faster"),
              note -> assertThat(note).contains("344 channels", "multiples of 16"));
      assertThat(SpeedNotes.of(slow, 1_000_000_000L, decoder, OptionalLong.of(1L << 40)))
          .first()
          .asString()
          .contains("fit into the processor's cache");
      SpeedComparison fast = new SpeedComparison(dense, pruned, spread(1.2), spread(1.2));
      assertThat(SpeedNotes.of(fast, 1_000_000_000L, decoder, OptionalLong.empty())).hasSize(1);
    }
  }

  private static SpeedComparison.Spread spread(double value) {
    return new SpeedComparison.Spread(value, value, value);
  }

  @Test
  void one_model_can_be_measured_alone_and_stopped() {
    try (Decoder decoder = open()) {
      SpeedResult result = new Speed(4, 2, 0, 1).measure(decoder, costs(), Progress.SILENT);
      assertThat(result.rounds()).isEqualTo(1);
      assertThat(result.promptTokens()).isEqualTo(4);
      assertThat(result.newTokens()).isEqualTo(2);

      Progress stop =
          (stage, done, total) -> {
            throw new CancelledException();
          };
      assertThatThrownBy(() -> new Speed(4, 2, 0, 1).measure(decoder, costs(), stop))
          .isInstanceOf(CancelledException.class);
    }
    assertThatThrownBy(() -> new Speed(0, 1, 0, 1)).isInstanceOf(EspalierException.class);
  }

  @Property
  void quantiles_lie_within_the_values_in_order(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 100) Double> values) {
    double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
    double low = Speed.quantile(numbers, 0.25);
    double median = Speed.quantile(numbers, 0.5);
    double high = Speed.quantile(numbers, 0.75);
    assertThat(low).isLessThanOrEqualTo(median);
    assertThat(median).isLessThanOrEqualTo(high);
    assertThat(Speed.quantile(numbers, 0)).isLessThanOrEqualTo(low);
    assertThat(Speed.quantile(numbers, 1)).isGreaterThanOrEqualTo(high);
  }

  @Test
  void the_quantiles_of_a_known_sample_are_known() {
    double[] values = {4, 1, 3, 2, 5};
    assertThat(Speed.quantile(values, 0.25)).isEqualTo(2);
    assertThat(Speed.quantile(values, 0.5)).isEqualTo(3);
    assertThat(Speed.quantile(new double[] {1, 2}, 0.5)).isEqualTo(1.5);
  }
}
