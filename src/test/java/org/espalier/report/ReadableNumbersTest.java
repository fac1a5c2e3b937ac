package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadableNumbersTest {
  @Test
  void quantitiesKeepThreeDigits() {
    assertThat(ReadableNumbers.count(8_030_261_248L)).isEqualTo("8.03 B");
    assertThat(ReadableNumbers.count(999)).isEqualTo("999");
    assertThat(ReadableNumbers.count(264_960)).isEqualTo("265 K");
    assertThat(ReadableNumbers.bytes(11_918_534_246L)).isEqualTo("11.1 GiB");
    assertThat(ReadableNumbers.bytes(512)).isEqualTo("512 B");
    assertThat(ReadableNumbers.percent(0.3)).isEqualTo("30 %");
    assertThat(ReadableNumbers.percent(0.17254)).isEqualTo("17.25 %");
    assertThat(ReadableNumbers.percent(0)).isEqualTo("0 %");
    assertThat(ReadableNumbers.duration(0.84)).isEqualTo("0.8 s");
    assertThat(ReadableNumbers.duration(200)).isEqualTo("3 min 20 s");
    assertThat(ReadableNumbers.duration(7500)).isEqualTo("2 h 5 min");
  }
}
