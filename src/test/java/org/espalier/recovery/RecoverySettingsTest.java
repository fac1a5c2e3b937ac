package org.espalier.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.espalier.task.EspalierException;
import org.espalier.transformer.WeightSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecoverySettingsTest {
  @ParameterizedTest
  @EnumSource
  void every_setting_says_what_it_is_and_takes_its_own_standard(RecoverySetting setting) {
    assertThat(setting.description()).isNotBlank();
    assertThat(setting.range()).isNotBlank();
    assertThat(RecoverySettings.of(Map.of(setting, setting.standard())))
        .isEqualTo(RecoverySettings.standard());
  }

  @ParameterizedTest
  @CsvSource({
    "RANK, 0",
    "RANK, 1.5",
    "RANK, many",
    "DROPOUT, 0.95",
    "RATE, 0",
    "RATE, NaN",
    "STEPS, -1",
    "TARGETS, 'q,x'",
    "TARGETS, ''",
    "DECAY, steep",
    "MINUTES, -1"
  })
  void what_makes_no_sense_is_refused_with_name_range_and_value(
      RecoverySetting setting, String value) {
    assertThatThrownBy(() -> RecoverySettings.of(Map.of(setting, value)))
        .isInstanceOf(EspalierException.class)
        .hasMessageContainingAll(setting.label(), setting.range(), "'" + value + "'");
  }

  @Test
  void projections_have_short_names() {
    assertThat(RecoverySettings.of(Map.of(RecoverySetting.TARGETS, "down, q")).targets())
        .isEqualTo(List.of(WeightSlot.QUERY, WeightSlot.DOWN));
    assertThat(RecoverySettings.standard().targets()).hasSize(7);
  }

  @Test
  void a_warm_up_longer_than_the_training_becomes_a_tenth_of_it() {
    LearningRate rate =
        RecoverySettings.of(Map.of(RecoverySetting.STEPS, "20", RecoverySetting.WARM_UP, "50"))
            .rate();

    assertThat(rate.warmUp()).isEqualTo(2);
  }
}
