package org.espalier.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The estimator against random search on functions whose shape is known. */
class TreeStructuredParzenEstimatorTest {
  private static final int TRIALS = 60;

  static Stream<Arguments> functions() {
    return Stream.of(
        Arguments.of("bowl in four dimensions", space(4, -5, 5), bowl(4)),
        Arguments.of(
            "three valleys (Branin)",
            new SearchSpace(
                List.of(new Variable.Continuous("x", -5, 10), new Variable.Continuous("y", 0, 15))),
            (ToDoubleFunction<Map<String, Double>>)
                point -> branin(point.get("x"), point.get("y"))),
        Arguments.of(
            "coefficients and choices, as metrics have them",
            new SearchSpace(
                List.of(
                    new Variable.Continuous("x0", 0, 1),
                    new Variable.Continuous("x1", 0, 1),
                    new Variable.Categorical("scale", 3),
                    new Variable.Categorical("set", 8))),
            (ToDoubleFunction<Map<String, Double>>)
                point ->
                    Math.pow(point.get("x0") - 0.8, 2)
                        + Math.pow(point.get("x1") - 0.1, 2)
                        + (point.get("scale") == 1 ? 0 : 0.3)
                        + 0.1 * Math.abs(point.get("set") - 5)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void finds_better_points_than_random_search_for_nine_of_ten_seeds(
      String name, SearchSpace space, ToDoubleFunction<Map<String, Double>> function) {
    long better =
        IntStream.range(0, 10)
            .filter(
                seed ->
                    best(new TreeStructuredParzenEstimator(space, seed, 10), function)
                        < best(new RandomSearch(space, seed), function))
            .count();

    assertThat(better).isGreaterThanOrEqualTo(9);
  }

  @Test
  void the_same_history_gives_the_same_suggestion() {
    SearchSpace space = space(3, 0, 1);
    TreeStructuredParzenEstimator estimator = new TreeStructuredParzenEstimator(space, 7, 5);
    List<Trial> history = history(estimator, bowl(3), 20);

    List<Trial> resumed = new ArrayList<>(history.subList(0, 12));
    while (resumed.size() < 20) {
      Map<String, Double> point =
          new TreeStructuredParzenEstimator(space, 7, 5).suggest(List.copyOf(resumed));
      resumed.add(new Trial(resumed.size(), point, bowl(3).applyAsDouble(point)));
    }

    assertThat(resumed).isEqualTo(history);
    assertThat(new TreeStructuredParzenEstimator(space, 8, 5).suggest(history))
        .isNotEqualTo(estimator.suggest(history));
  }

  @Test
  void suggestions_stay_inside_of_the_space() {
    SearchSpace space =
        new SearchSpace(
            List.of(new Variable.Continuous("x", 2, 2.5), new Variable.Categorical("set", 3)));
    List<Trial> history =
        history(
            new TreeStructuredParzenEstimator(space, 1, 5),
            // The best point is at the edge.
            point -> -point.get("x") - point.get("set"),
            80);

    assertThat(history)
        .allSatisfy(
            trial -> {
              assertThat(trial.point().get("x")).isBetween(2.0, 2.5);
              assertThat(trial.point().get("set")).isIn(0.0, 1.0, 2.0);
            });
    assertThat(history.subList(40, 80).stream().filter(trial -> trial.point().get("set") == 2))
        .hasSizeGreaterThan(20);
  }

  @Test
  void a_search_begins_with_every_choice_before_one_comes_again() {
    SearchSpace space =
        new SearchSpace(
            List.of(new Variable.Categorical("set", 6), new Variable.Continuous("x", 0, 1)));

    List<Trial> history =
        history(new TreeStructuredParzenEstimator(space, 4, 12), point -> point.get("x"), 12);

    assertThat(history.subList(0, 6))
        .extracting(trial -> trial.point().get("set"))
        .doesNotHaveDuplicates();
    assertThat(history.subList(6, 12))
        .extracting(trial -> trial.point().get("set"))
        .doesNotHaveDuplicates();
    assertThat(history).extracting(trial -> trial.point().get("x")).doesNotHaveDuplicates();
  }

  @Test
  void failed_trials_count_as_worst() {
    SearchSpace space = space(1, 0, 1);
    List<Trial> history =
        history(
            new TreeStructuredParzenEstimator(space, 3, 10),
            point -> point.get("x0") < 0.5 ? Double.NaN : Math.abs(point.get("x0") - 0.8),
            60);

    assertThat(history.subList(30, 60).stream().filter(trial -> !Double.isNaN(trial.value())))
        .hasSizeGreaterThan(20);
  }

  @Test
  void a_mixture_is_a_density() {
    Variable.Continuous range = new Variable.Continuous("x", -1, 3);
    ParzenMixture mixture = new ParzenMixture(range, new double[] {-1, 0.2, 0.3, 2.9});

    double sum = 0;
    int steps = 40_000;
    for (int i = 0; i < steps; i++) {
      sum += mixture.density(-1 + 4 * (i + 0.5) / steps) * 4 / steps;
    }

    assertThat(sum).isBetween(0.99999, 1.00001);
    assertThat(mixture.density(0.25)).isGreaterThan(mixture.density(1.5));
  }

  private static SearchSpace space(int dimensions, double low, double high) {
    return new SearchSpace(
        IntStream.range(0, dimensions)
            .mapToObj(i -> (Variable) new Variable.Continuous("x" + i, low, high))
            .toList());
  }

  private static ToDoubleFunction<Map<String, Double>> bowl(int dimensions) {
    return point ->
        IntStream.range(0, dimensions)
            .mapToDouble(i -> Math.pow(point.get("x" + i) - 0.3 * i, 2))
            .sum();
  }

  private static double branin(double x, double y) {
    double parabola = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
    return parabola * parabola + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  private static double best(Suggester suggester, ToDoubleFunction<Map<String, Double>> function) {
    return history(suggester, function, TRIALS).stream()
        .mapToDouble(Trial::value)
        .min()
        .orElseThrow();
  }

  private static List<Trial> history(
      Suggester suggester, ToDoubleFunction<Map<String, Double>> function, int trials) {
    List<Trial> history = new ArrayList<>();
    while (history.size() < trials) {
      Map<String, Double> point = suggester.suggest(List.copyOf(history));
      history.add(new Trial(history.size(), point, function.applyAsDouble(point)));
    }
    return history;
  }
}
