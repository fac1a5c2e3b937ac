package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoreFormatTest {
  @Test
  void figures_of_a_column_keep_their_zeros() {
    assertThat(ScoreFormat.even(0.18)).isEqualTo("0.180");
    assertThat(ScoreFormat.even(0.191)).isEqualTo("0.191");
    assertThat(ScoreFormat.even(3e-4)).isEqualTo("3.0e-4");
    assertThat(ScoreFormat.even(-2)).isEqualTo("−2.00");
  }

  @Test
  void single_figures_are_as_short_as_they_can_be() {
    assertThat(ScoreFormat.format(0.18)).isEqualTo("0.18");
    assertThat(ScoreFormat.format(3e-4)).isEqualTo("3e-4");
    assertThat(ScoreFormat.format(Double.NaN)).isEqualTo("–");
  }
}
