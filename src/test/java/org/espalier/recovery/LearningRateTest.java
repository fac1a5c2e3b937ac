package org.espalier.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  private final LearningRate rate = new LearningRate(101, 10, 1.0, 0.1, LearningRate.Decay.COSINE);

  @Test
  void it_rises_in_equal_steps_and_falls_along_a_cosine() {
    assertThat(rate.at(0)).isCloseTo(0.1, within(1e-12));
    assertThat(rate.at(9)).isCloseTo(1.0, within(1e-12));
    assertThat(rate.at(10)).isCloseTo(1.0, within(1e-12));
    assertThat(rate.at(55)).isCloseTo(0.55, within(1e-12));
    assertThat(rate.at(100)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void impossible_schedules_are_refused() {
    assertThatThrownBy(() -> new LearningRate(10, 10, 1, 0, LearningRate.Decay.COSINE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LearningRate(10, 1, 1, 2, LearningRate.Decay.COSINE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
