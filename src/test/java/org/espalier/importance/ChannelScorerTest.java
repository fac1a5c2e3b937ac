package org.espalier.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.espalier.importance.ChannelScorer.Aggregation;
import org.espalier.importance.Scorer.BlockScores;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.WeightStatistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;

class ChannelScorerTest {
  /** Two head groups of two query heads of one channel each, and three feed-forward channels. */
  private static final BlockShape SHAPE = new BlockShape(4, 2, 3);

  private static final Statistics STATISTICS =
      new Statistics(
          Map.of(
              SubLayer.attention(0),
              vectors(
                  new double[] {1, 2, 3, 4}, new double[] {1, 4, 9, 16}, new double[] {2, 2, 2, 2}),
              SubLayer.feedForward(0),
              vectors(new double[] {1, 2, 6}, new double[] {4, 4, 4}, new double[] {1, 1, 1})));

  private static Map<String, double[]> vectors(
      double[] fluctuation, double[] squaredNorm, double[] weightSquaredNorm) {
    double[] ones = new double[fluctuation.length];
    java.util.Arrays.fill(ones, 1);
    return Map.of(
        ActivationStatistics.RUNNING_FLUCTUATION, fluctuation,
        ActivationStatistics.VARIANCE, ones,
        ActivationStatistics.SQUARED_NORM, squaredNorm,
        WeightStatistics.SQUARED_NORM, weightSquaredNorm,
        WeightStatistics.ABSOLUTE_MEAN, ones);
  }

  private static BlockScores score(ChannelScorer scorer) {
    return scorer.score(0, SHAPE, STATISTICS);
  }

  @Test
  void a_head_group_sums_the_channels_of_its_query_heads() {
    BlockScores scores =
        score(new ChannelScorer(ChannelMetric.IFV, false, false, Aggregation.SUM, true));

    assertThat(scores.attention()).containsExactly(3, 7);
    assertThat(scores.feedForward()).containsExactly(1, 2, 6);
  }

  @Test
  void the_published_code_squares_attention_scores_before_heads_are_formed() {
    BlockScores scores =
        score(new ChannelScorer(ChannelMetric.WIFV, true, false, Aggregation.SUM, true));

    assertThat(scores.attention()).containsExactly(4 + 16, 36 + 64);
    assertThat(scores.feedForward()).containsExactly(1, 2, 6);
  }

  @Test
  void the_norm_metric_multiplies_norm_and_mean_absolute_weight() {
    BlockScores scores =
        score(new ChannelScorer(ChannelMetric.WIFN, false, false, Aggregation.MEAN, true));

    assertThat(scores.attention()).containsExactly(1.5, 3.5);
    assertThat(scores.feedForward()).containsExactly(2, 2, 2);
  }

  @Test
  void standardised_scores_have_mean_zero_and_unbiased_deviation_one() {
    double[] scores =
        score(new ChannelScorer(ChannelMetric.IFV, false, true, Aggregation.MEAN, true))
            .feedForward();

    assertThat(scores[0] + scores[1] + scores[2]).isCloseTo(0, within(1e-12));
    double squares = 0;
    for (double score : scores) {
      squares += score * score;
    }
    assertThat(squares / 2).isCloseTo(1, within(1e-12));
  }

  @Test
  void equal_scores_standardise_to_zero_instead_of_nan() {
    double[] scores =
        score(new ChannelScorer(ChannelMetric.IFV, false, true, Aggregation.MEAN, false))
            .feedForward();

    assertThat(scores).containsExactly(0, 0, 0);
  }

  @Test
  void a_removed_sub_layer_has_no_scores() {
    BlockScores scores =
        new ChannelScorer(ChannelMetric.IFV, false, true, Aggregation.MEAN, true)
            .score(0, new BlockShape(0, 0, 0), STATISTICS);

    assertThat(scores.attention()).isEmpty();
    assertThat(scores.feedForward()).isEmpty();
  }

  @Test
  void random_scores_repeat_with_the_seed_and_change_with_it() {
    double[] first = new RandomScorer(1).score(3, SHAPE, STATISTICS).feedForward();

    assertThat(new RandomScorer(1).score(3, SHAPE, STATISTICS).feedForward())
        .containsExactly(first);
    assertThat(new RandomScorer(2).score(3, SHAPE, STATISTICS).feedForward()).isNotEqualTo(first);
    assertThat(new RandomScorer(1).score(4, SHAPE, STATISTICS).feedForward()).isNotEqualTo(first);
  }
}
