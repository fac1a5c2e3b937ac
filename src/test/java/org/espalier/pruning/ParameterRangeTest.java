package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every parameter of every method: what lies in its range is taken, anything else is told. */
class ParameterRangeTest {
  /** No parameter takes any of these. */
  private static final List<String> NONSENSE =
      List.of(
          "",
          " ",
          "many",
          "NaN",
          "Infinity",
          "-Infinity",
          "1,5",
          "1 2",
          "0x10",
          "1d",
          "٣",
          "1e999",
          "9".repeat(30),
          "-" + "9".repeat(30),
          "9".repeat(100_000));

  static Stream<Arguments> parameters() {
    return MethodRegistry.standard().descriptions().stream()
        .flatMap(
            method ->
                method.parameters().stream()
                    .map(
                        parameter ->
                            Arguments.of(method.name(), Named.of(parameter.name(), parameter))));
  }

  private static Recipe recipe(String method, MethodParameter parameter, String value) {
    Method known = MethodRegistry.standard().get(method);
    return known.recipe(ParameterValues.of(known.description(), Map.of(parameter.name(), value)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void a_bad_value_ends_in_a_sentence_with_name_range_and_value(
      String method, MethodParameter parameter) {
    List<String> bad = new ArrayList<>(NONSENSE);
    bad.addAll(beyond(parameter.range()));
    for (String value : bad) {
      assertThatThrownBy(() -> recipe(method, parameter, value))
          .as(value)
          .isInstanceOf(EspalierException.class)
          .hasMessageStartingWith(
              "Parameter %s of method %s must be %s, not '"
                  .formatted(parameter.name(), method, parameter.range().words()))
          .satisfies(
              failure ->
                  assertThat(failure.getMessage())
                      .contains(value.substring(0, Math.min(40, value.length())))
                      .hasSizeLessThan(400));
    }
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void both_ends_of_the_range_and_what_it_starts_with_are_taken(
      String method, MethodParameter parameter) {
    List<String> good = new ArrayList<>(ends(parameter.range()));
    good.add(parameter.defaultValue());
    for (String value : good) {
      assertThat(recipe(method, parameter, value)).as(value).isNotNull();
      assertThat(recipe(method, parameter, " " + value + " ")).as("blanks").isNotNull();
    }
  }

  private static List<String> ends(ParameterRange range) {
    if (range instanceof ParameterRange.Choice choice) {
      return choice.values();
    }
    if (range instanceof ParameterRange.Whole whole) {
      return List.of(Long.toString(whole.least()), Long.toString(whole.most()));
    }
    if (range instanceof ParameterRange.Real real) {
      return List.of(Double.toString(real.lowest()), Double.toString(real.highest()));
    }
    List<String> ends = new ArrayList<>(ends(((ParameterRange.OrAuto) range).range()));
    ends.add(ParameterRange.AUTO);
    return ends;
  }

  /** What is just outside of a range, and what looks like a value of it. */
  private static List<String> beyond(ParameterRange range) {
    if (range instanceof ParameterRange.Choice choice) {
      return choice.values().stream().map(value -> value + "x").toList();
    }
    if (range instanceof ParameterRange.Whole whole) {
      return List.of(
          Long.toString(whole.least() - 1), Long.toString(whole.most() + 1), whole.least() + ".5");
    }
    if (range instanceof ParameterRange.Real real) {
      return List.of(
          Double.toString(Math.nextDown(real.lowest())),
          Double.toString(Math.nextUp(real.highest())));
    }
    return beyond(((ParameterRange.OrAuto) range).range());
  }

  @Test
  void a_parameter_cannot_start_outside_of_its_range() {
    assertThatThrownBy(() -> MethodParameter.whole("windows", "Some.", "0", 1, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a whole number from 1 to 9");
  }
}
