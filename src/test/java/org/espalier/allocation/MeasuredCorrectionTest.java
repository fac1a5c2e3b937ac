package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.espalier.allocation.MeasuredCorrection.Measured;
import org.junit.jupiter.api.Test;

class MeasuredCorrectionTest {
  private static List<Measured> runs(int count, double slope, double noise) {
    Random random = new Random(count);
    List<Measured> runs = new ArrayList<>();
    runs.add(new Measured(0, Math.log(5), true));
    for (int i = 0; i < count; i++) {
      double change = 1.0 * (i + 1) / count;
      runs.add(
          new Measured(
              change, Math.log(5) + slope * change + noise * random.nextGaussian(), false));
    }
    return runs;
  }

  @Test
  void with_the_dense_model_alone_the_prediction_is_taken_as_it_is() {
    var prediction =
        new MeasuredCorrection(List.of(new Measured(0, Math.log(5), true))).predict(Math.log(2));

    assertThat(prediction.perplexity()).isCloseTo(10, within(1e-9));
    assertThat(prediction.factor()).isEmpty();
    assertThat(prediction.runs()).isZero();
  }

  @Test
  void measured_runs_bend_the_prediction_towards_them() {
    double uncorrected = 5 * Math.exp(1);
    double truth = 5 * Math.exp(0.8);
    double few = new MeasuredCorrection(runs(2, 0.8, 0)).predict(1).perplexity();
    double many = new MeasuredCorrection(runs(30, 0.8, 0)).predict(1).perplexity();

    assertThat(few).isBetween(truth, uncorrected);
    assertThat(Math.abs(many - truth)).isLessThan(Math.abs(few - truth)).isLessThan(0.1);
  }

  @Test
  void a_band_needs_eight_measured_runs() {
    assertThat(new MeasuredCorrection(runs(7, 1, 0.01)).predict(0.5).factor()).isEmpty();
    assertThat(new MeasuredCorrection(runs(8, 1, 0.01)).predict(0.5).factor()).isPresent();
  }

  @Test
  void the_band_holds_what_was_not_used_for_the_fit() {
    int held = 0;
    int asked = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Measured> runs = new ArrayList<>();
      for (int i = 0; i < 13; i++) {
        double change = random.nextDouble();
        runs.add(new Measured(change, 1 + 0.9 * change + 0.05 * random.nextGaussian(), false));
      }
      Measured left = runs.remove(0);
      var prediction = new MeasuredCorrection(runs).predict(left.change());
      asked++;
      if (Math.abs(left.logPerplexity() - Math.log(prediction.perplexity()))
          <= Math.log(prediction.factor().orElseThrow())) {
        held++;
      }
    }
    assertThat((double) held / asked).isBetween(0.85, 1.0);
  }
}
