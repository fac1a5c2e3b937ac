package org.espalier.ui.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void writes_counts_and_sizes_with_three_digits() {
    assertThat(Figures.parameters(8_030_261_248L)).isEqualTo("8.03 B");
    assertThat(Figures.parameters(3_640_000)).isEqualTo("3.64 M");
    assertThat(Figures.parameters(260_032)).isEqualTo("260.0 k");
    assertThat(Figures.bytes(7_000_000)).isEqualTo("6.7 MiB");
    assertThat(Figures.bytes(1_040_000)).isEqualTo("1.0 MiB");
    assertThat(Figures.bytes(16L << 30)).isEqualTo("16.00 GiB");
  }

  @Test
  void says_all_or_nothing_only_when_it_is_so() {
    assertThat(Figures.keptPercent(512, 512)).isEqualTo("100 %");
    assertThat(Figures.keptPercent(511, 512)).isEqualTo("99 %");
    assertThat(Figures.keptPercent(1, 512)).isEqualTo("1 %");
    assertThat(Figures.keptPercent(0, 512)).isEqualTo("0 %");
    assertThat(Figures.keptPercent(0, 0)).isEqualTo("0 %");
  }

  @Test
  void writes_durations_as_people_say_them() {
    assertThat(Figures.duration(Duration.ofSeconds(38))).isEqualTo("38 s");
    assertThat(Figures.duration(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
    assertThat(Figures.duration(Duration.ofMinutes(125))).isEqualTo("2 h 05 min");
  }
}
