package org.espalier.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
  @Test
  void only_the_order_counts() {
    double[] scores = {0.1, 5, 3, 70};
    assertThat(RankCorrelation.spearman(scores, new double[] {-9, 2, 1, 3})).isEqualTo(1);
    assertThat(RankCorrelation.spearman(scores, new double[] {4, 1, 3, 0})).isEqualTo(-1);
  }

  @Test
  void equal_scores_share_their_ranks() {
    // Pearson's correlation of the ranks (1, 2.5, 2.5, 4, 5) and (2, 1, 3, 5, 4), by hand: 7
    // over the root of 9.5 times 10.
    double[] first = {1, 2, 2, 3, 4};
    double[] second = {20, 10, 30, 50, 40};
    assertThat(RankCorrelation.spearman(first, second))
        .isCloseTo(7 / Math.sqrt(9.5 * 10), within(1e-12));
  }

  @Test
  void one_score_for_all_ranks_nothing() {
    assertThat(RankCorrelation.spearman(new double[] {3, 3, 3}, new double[] {1, 2, 3})).isNaN();
    assertThatThrownBy(() -> RankCorrelation.spearman(new double[2], new double[3]))
        .hasMessageContaining("2 scores")
        .hasMessageContaining("3");
  }

  @Test
  void every_two_methods_are_compared_once_block_by_block() {
    Map<String, ImportanceMap> scores = new LinkedHashMap<>();
    scores.put("a", map(new double[] {1, 2}, new double[] {1, 2, 3}));
    scores.put("b", map(new double[] {2, 1}, new double[] {1, 2, 3}));
    scores.put("c", map(new double[] {5, 5}, new double[] {3, 2, 1}));

    ScoreAgreement agreement = ScoreAgreement.of(scores);

    assertThat(agreement.pairs())
        .extracting(pair -> pair.first() + pair.second())
        .containsExactly("ab", "ac", "bc");
    assertThat(agreement.pairs().get(0).attention()).containsExactly(-1.0);
    assertThat(agreement.pairs().get(0).feedForward()).containsExactly(1.0);
    assertThat(agreement.pairs().get(0).mean()).isZero();
    assertThat(agreement.pairs().get(1).mean()).as("attention of c ranks nothing").isEqualTo(-1);
  }

  private static ImportanceMap map(double[] attention, double[] feedForward) {
    return new ImportanceMap("score", List.of(attention), List.of(feedForward));
  }
}
