package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetSyntaxTest {
  /** 8 billion parameters of 2 bytes. */
  private static final ModelCosts COSTS =
      new ModelCosts(
          new PrunableModel(
              Collections.nCopies(2, new PrunableModel.Block(8, 200_000_000L, 1000, 2_000_000L)),
              7_200_000_000L,
              8_000_000_000L),
          16_000_000_000L,
          2,
          1000,
          100,
          1000,
          true,
          4096,
          Collections.nCopies(2, new ModelCosts.Block(4, 0, 1000, 1000, false, false, false)));

  private static Target parse(String text) {
    return TargetSyntax.parse(text, RatioDefinition.LAYER, COSTS, false).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"30, 0.3", "30 %, 0.3", "30.5%, 0.305", "'12,5 %', 0.125", "0, 0", "100, 1"})
  void a_number_is_a_percentage_to_remove(String text, double ratio) {
    assertThat(parse(text).ratio()).isCloseTo(ratio, within(1e-12));
    assertThat(parse(text).of()).isEqualTo(RatioDefinition.LAYER);
  }

  @ParameterizedTest
  @CsvSource({
    "6.0 B, 0.25",
    "6b, 0.25",
    "6000 M, 0.25",
    "12 GB, 0.25",
    "8 B, 0",
    "8 GiB, 0.463129088"
  })
  void a_size_says_what_is_left_of_all_parameters(String text, double ratio) {
    assertThat(parse(text).ratio()).isCloseTo(ratio, within(1e-9));
    assertThat(parse(text).of()).isEqualTo(RatioDefinition.TOTAL);
  }

  @Test
  void biases_that_repair_count_among_what_is_left() {
    Target target = TargetSyntax.parse("6.0 B", RatioDefinition.TOTAL, COSTS, true).orElseThrow();

    assertThat(target.ratio()).isCloseTo(0.25 + 4 * 1000 / 8e9, within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "much", "-3", "101 %", "6 apples", "6 B B", "1e9", "6.0.0 B"})
  void anything_else_is_no_target(String text) {
    assertThat(TargetSyntax.parse(text, RatioDefinition.TOTAL, COSTS, false)).isEmpty();
  }

  @Test
  void more_than_there_is_is_refused_in_words() {
    assertThatThrownBy(() -> parse("9 B"))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("9 B is more than the model has");
  }
}
