package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {
  private static PairedComparison of(int both, int onlyFirst, int onlySecond, int neither) {
    List<Boolean> first = new ArrayList<>();
    List<Boolean> second = new ArrayList<>();
    add(first, second, both, true, true);
    add(first, second, onlyFirst, true, false);
    add(first, second, onlySecond, false, true);
    add(first, second, neither, false, false);
    return PairedComparison.of("acc", first, second);
  }

  private static void add(
      List<Boolean> first, List<Boolean> second, int count, boolean one, boolean other) {
    first.addAll(Collections.nCopies(count, one));
    second.addAll(Collections.nCopies(count, other));
  }

  /** Reference values: scipy.stats.binomtest(1, 9) and binomtest(20, 60), two-sided. */
  @Test
  void the_probability_is_that_of_the_exact_test() {
    assertThat(of(50, 8, 1, 41).probability()).isCloseTo(0.0390625, within(1e-9));
    assertThat(of(500, 40, 20, 440).probability()).isCloseTo(0.0134895, within(1e-6));
    assertThat(of(5, 0, 0, 5).probability()).isEqualTo(1);
    assertThat(of(5, 3, 3, 5).probability()).isEqualTo(1);
  }

  @Test
  void a_large_set_does_not_underflow() {
    assertThat(of(0, 3000, 2500, 0).probability()).isBetween(1e-13, 1e-9);
  }

  @Test
  void the_interval_lies_around_the_difference_of_the_accuracies() {
    PairedComparison comparison = of(500, 40, 20, 440);

    assertThat(comparison.difference()).isCloseTo(-0.02, within(1e-12));
    // Deviation of the paired differences: sqrt((60/1000 - 0.0004) / 999).
    assertThat(comparison.high() - comparison.difference())
        .isCloseTo(1.96 * Math.sqrt(0.0596 / 999), within(1e-5));
    assertThat(comparison.real()).isTrue();
    assertThat(comparison.description()).contains("-2.0 points", "a real difference");
  }
}
