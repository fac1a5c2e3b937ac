package org.espalier.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.espalier.importance.Scorer.BlockScores;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.ResidualCollector;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.WeightStatistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;

class ResidualScorerTest {
  /** Two head groups of two query heads of three channels each; four feed-forward channels. */
  private static final BlockShape SHAPE = new BlockShape(4, 2, 4);

  private static final double[] CHANNELS = {1, 4, 25, 4};

  private static Statistics statistics(double logEnergy, double... variance) {
    double[] even = new double[12];
    Arrays.fill(even, 1);
    return new Statistics(
        Map.of(
            SubLayer.attention(0), vectors(0, even),
            SubLayer.feedForward(0), vectors(logEnergy, variance)));
  }

  private static Map<String, double[]> vectors(double logEnergy, double[] variance) {
    double[] ones = new double[variance.length];
    Arrays.fill(ones, 1);
    return Map.of(
        ActivationStatistics.RUNNING_FLUCTUATION, ones,
        ActivationStatistics.VARIANCE, variance,
        ActivationStatistics.SQUARED_NORM, ones,
        WeightStatistics.SQUARED_NORM, ones,
        WeightStatistics.ABSOLUTE_MEAN, ones,
        ResidualCollector.LOG_ENERGY, new double[] {logEnergy});
  }

  private static BlockScores score(Statistics statistics) {
    return new ResidualScorer(ChannelMetric.WIFV).score(0, SHAPE, statistics);
  }

  @Test
  void a_unit_counts_by_its_amplitude_and_the_part_of_those_at_least_as_large() {
    double[] scores = score(statistics(0, CHANNELS)).feedForward();

    // Amplitudes 1, 2, 5, 2: their sum is 10, and without the smallest one 9.
    assertThat(scores[0]).isCloseTo(0, within(1e-12));
    assertThat(scores[2]).isCloseTo(Math.log(5) - 2 * Math.log(0.5), within(1e-12));
    assertThat(Math.min(scores[1], scores[3]))
        .isCloseTo(Math.log(2) - 2 * Math.log(0.9), within(1e-12));
  }

  @Test
  void within_a_sub_layer_the_order_is_that_of_the_metric() {
    double[] scores = score(statistics(3, CHANNELS)).feedForward();

    assertThat(scores[0]).isLessThan(Math.min(scores[1], scores[3]));
    assertThat(scores[2]).isGreaterThan(Math.max(scores[1], scores[3]));
  }

  @Test
  void the_same_fluctuation_weighs_less_beside_a_larger_residual_stream() {
    double[] small = score(statistics(0, CHANNELS)).feedForward();
    double[] large = score(statistics(2 * Math.log(10), CHANNELS)).feedForward();

    assertThat(small[0] - large[0]).isCloseTo(Math.log(10), within(1e-12));
  }

  @Test
  void a_head_group_is_as_dear_as_the_channels_that_its_parameters_amount_to() {
    double[] groups = score(statistics(0, CHANNELS)).attention();

    // Amplitude 6 of 12 each; two query heads of 3 amount to (2*2 + 2) * 3 / 3 = 6 channels.
    assertThat(Math.min(groups[0], groups[1])).isCloseTo(0, within(1e-12));
    assertThat(Math.max(groups[0], groups[1])).isCloseTo(-2 * Math.log(0.5), within(1e-12));
  }

  @Test
  void units_that_never_fluctuate_score_lowest_but_finite() {
    double[] scores = score(statistics(0, 0, 1, 1, 0)).feedForward();

    assertThat(scores[0]).isFinite().isLessThan(scores[1]);
    assertThat(score(statistics(0, 0, 0, 0, 0)).feedForward()).doesNotContain(Double.NaN);
  }

  @Test
  void a_removed_sub_layer_has_no_scores() {
    BlockScores scores =
        new ResidualScorer(ChannelMetric.IFV)
            .score(0, new BlockShape(0, 0, 0), statistics(0, CHANNELS));

    assertThat(scores.attention()).isEmpty();
    assertThat(scores.feedForward()).isEmpty();
  }
}
