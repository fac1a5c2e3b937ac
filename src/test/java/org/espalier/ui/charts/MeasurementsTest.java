package org.espalier.ui.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.ui.fake.Bench;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
  private final Bench bench = new Bench().opened();
  private final Measurements measurements = bench.measurements;

  @Test
  void a_hundred_thousand_points_from_another_thread_cost_one_change() throws Exception {
    Consumer<PerplexityPoint> sink = measurements.begin(Measurements.DENSE, "");
    long before = measurements.revision().get();
    Thread producer =
        new Thread(
            () -> {
              for (int i = 1; i <= 100_000; i++) {
                sink.accept(new PerplexityPoint(i, 100_000, 2, 7));
              }
            });
    producer.start();
    producer.join();
    assertThat(measurements.revision().get()).isEqualTo(before);

    measurements.drain();

    assertThat(measurements.revision().get()).isEqualTo(before + 1);
    assertThat(measurements.curve(Measurements.DENSE, Optional.empty()).orElseThrow())
        .satisfies(
            curve -> {
              assertThat(curve.perplexities()).hasSize(100_000);
              assertThat(curve.live()).isTrue();
            });
  }

  @Test
  void points_of_a_replaced_evaluation_do_not_mix_with_the_new_one() {
    Consumer<PerplexityPoint> old = measurements.begin(Measurements.DENSE, "");
    Consumer<PerplexityPoint> present = measurements.begin(Measurements.DENSE, "");

    old.accept(new PerplexityPoint(1, 2, 2, 99));
    present.accept(new PerplexityPoint(1, 2, 2, 7));
    measurements.drain();

    assertThat(measurements.densePerplexity()).contains(7.0);
  }

  @Test
  void an_evaluation_without_any_window_leaves_nothing_behind() {
    measurements.begin(Measurements.DENSE, "");

    measurements.abandon(Measurements.DENSE);

    assertThat(measurements.densePerplexity()).isEmpty();
  }

  @Test
  void another_checkpoint_forgets_the_dense_numbers() {
    measurements.begin(Measurements.DENSE, "").accept(new PerplexityPoint(1, 1, 2, 7));
    measurements.drain();

    bench.openedFolder("/models/other");

    assertThat(measurements.densePerplexity()).isEmpty();
  }
}
