package org.espalier.evaluation.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RaceTallyTest {
  private static final int RACES = 1500;
  private static final int WINDOWS = 200;
  private static final double ERROR = 0.05;

  /** How windows differ around their mean. */
  private enum Noise {
    NORMAL(Random::nextGaussian),
    EVEN(random -> 2 * random.nextDouble() - 1),
    /** Student's t with three degrees of freedom. */
    HEAVY_TAILED(
        random -> {
          double squares = 0;
          for (int i = 0; i < 3; i++) {
            double value = random.nextGaussian();
            squares += value * value;
          }
          return random.nextGaussian() / Math.sqrt(squares / 3);
        }),
    /** Gamma of shape four: skewness 1. */
    SKEWED(
        random -> {
          double sum = -4;
          for (int i = 0; i < 4; i++) {
            sum -= Math.log(1 - random.nextDouble());
          }
          return sum;
        });

    private final ToDoubleFunction<Random> draw;

    Noise(ToDoubleFunction<Random> draw) {
      this.draw = draw;
    }
  }

  private static RaceStanding race(int windows, double[] means, Noise noise, long seed) {
    Random random = new Random(seed);
    RaceTally tally = new RaceTally(names(means.length), windows, ERROR);
    while (!tally.over()) {
      // What makes a window hard is common to all models.
      double hardness = random.nextGaussian();
      double[] losses = new double[means.length];
      for (int lane = 0; lane < losses.length; lane++) {
        losses[lane] = 3 + hardness + means[lane] + noise.draw.applyAsDouble(random);
      }
      tally.add(losses);
    }
    return tally.standing();
  }

  private static List<String> names(int lanes) {
    return List.of("te-prune", "flap", "obs", "random").subList(0, lanes);
  }

  /** Differences of two such lanes are symmetric, so skewed ones are added to one lane only. */
  private static boolean wronglyDecided(Noise noise, long seed) {
    Random random = new Random(seed);
    RaceTally tally = new RaceTally(names(2), WINDOWS, ERROR);
    while (!tally.over()) {
      tally.add(new double[] {3 + noise.draw.applyAsDouble(random), 3});
    }
    return tally.standing().best().isPresent();
  }

  @ParameterizedTest
  @EnumSource(Noise.class)
  void equal_models_are_told_apart_in_at_most_five_of_a_hundred_races(Noise noise) {
    int wrong = 0;
    for (int seed = 0; seed < RACES; seed++) {
      wrong += wronglyDecided(noise, seed) ? 1 : 0;
    }
    assertThat((double) wrong / RACES).isLessThanOrEqualTo(ERROR);
    // A test that never decides would pass, too.
    assertThat(wrong).isPositive();
  }

  @Test
  void four_equal_models_share_one_chance_of_a_wrong_verdict() {
    int wrong = 0;
    for (int seed = 0; seed < RACES; seed++) {
      RaceStanding end = race(WINDOWS, new double[4], Noise.NORMAL, seed);
      wrong += end.pairs().stream().anyMatch(RaceStanding.Pair::decided) ? 1 : 0;
    }
    assertThat((double) wrong / RACES).isLessThanOrEqualTo(ERROR);
  }

  @Test
  void intervals_hold_the_true_difference_all_the_way() {
    int missed = 0;
    for (int seed = 0; seed < RACES; seed++) {
      Random random = new Random(seed);
      ConfidenceSequence sequence = new ConfidenceSequence(ERROR);
      boolean held = true;
      for (int window = 0; window < WINDOWS; window++) {
        sequence.add(0.7 + 2 * random.nextGaussian());
        held &= sequence.interval().low() <= 0.7 && 0.7 <= sequence.interval().high();
      }
      missed += held ? 0 : 1;
    }
    assertThat((double) missed / RACES).isLessThanOrEqualTo(ERROR);
  }

  @Test
  void a_real_difference_is_found_early_and_by_its_sign() {
    int wrong = 0;
    int[] decidedAfter = new int[RACES];
    for (int seed = 0; seed < RACES; seed++) {
      // The difference is as large as what single windows differ by.
      RaceStanding end = race(WINDOWS, new double[] {0, Math.sqrt(2)}, Noise.NORMAL, seed);
      decidedAfter[seed] = end.decidedAfter();
      wrong += end.best().orElse(-1) == 0 ? 0 : 1;
    }
    Arrays.sort(decidedAfter);
    assertThat(wrong).isZero();
    assertThat(decidedAfter[RACES / 2]).isBetween(ConfidenceSequence.FEWEST, 25);
    assertThat(decidedAfter[RACES - 1]).isLessThan(WINDOWS / 2);
  }

  @Test
  void intervals_grow_narrower_and_scale_with_the_values() {
    ConfidenceSequence small = new ConfidenceSequence(ERROR);
    ConfidenceSequence large = new ConfidenceSequence(ERROR);
    Random random = new Random(1);
    List<Double> widths = new ArrayList<>();
    for (int window = 1; window <= 400; window++) {
      double value = random.nextGaussian();
      small.add(value);
      large.add(1000 * value);
      if (window == 20 || window == 100 || window == 400) {
        widths.add(small.interval().high() - small.interval().low());
      }
    }
    assertThat(widths.get(0)).isGreaterThan(2 * widths.get(1));
    assertThat(widths.get(1)).isGreaterThan(1.7 * widths.get(2));
    assertThat(large.interval().high() / small.interval().high())
        .isCloseTo(1000, Offset.offset(1e-6));
  }

  @Test
  void a_model_that_is_settled_leaves_the_race_and_the_verdict_says_when() {
    RaceStanding end = race(WINDOWS, new double[] {0, 0, 6}, Noise.NORMAL, 3);

    assertThat(end.best()).isEmpty();
    assertThat(end.verdict())
        .isEqualTo("No difference between te-prune and flap could be shown on 200 windows");
    assertThat(end.lanes().get(2).window()).isLessThan(40);
    assertThat(end.lanes().get(0).window()).isEqualTo(WINDOWS);

    RaceStanding two = race(WINDOWS, new double[] {0, 2}, Noise.NORMAL, 3);
    assertThat(two.verdict())
        .isEqualTo(
            "te-prune is better than flap, decided after %d of 200 windows"
                .formatted(two.window()));
    assertThat(two.lines()).hasSize(1);
    assertThat(two.lines().get(0)).startsWith("te-prune against flap: −").contains("% lower");
    RaceStanding three = race(WINDOWS, new double[] {3, 0, 6}, Noise.NORMAL, 3);
    assertThat(three.verdict()).startsWith("flap is the best of 3, decided after ");
  }

  @Test
  void equal_losses_are_never_decided() {
    RaceTally tally = new RaceTally(names(2), 50, ERROR);
    while (!tally.over()) {
      tally.add(new double[] {2.5, 2.5});
    }
    assertThat(tally.standing().window()).isEqualTo(50);
    assertThat(tally.standing().best()).isEmpty();
  }
}
