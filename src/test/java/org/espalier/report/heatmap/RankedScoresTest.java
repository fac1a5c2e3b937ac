package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;

class RankedScoresTest {
  private static final SubLayer HEADS = SubLayer.attention(0);
  private static final SubLayer CHANNELS = SubLayer.feedForward(0);
  private static final RankedScores SCORES =
      new RankedScores(
          new ImportanceMap(
              "test",
              List.of(new double[] {3, 1, 2}, new double[] {100, -5, 7}),
              List.of(new double[] {0, 4, 4, 8}, new double[] {4, 1, 2, 3})));

  @Test
  void ranksFallWithTheScoreAndTiesKeepTheirOrder() {
    assertThat(List.of(SCORES.unitAtRank(CHANNELS, 0), SCORES.unitAtRank(CHANNELS, 1)))
        .containsExactly(3, 1);
    assertThat(SCORES.rank(CHANNELS, 2)).isEqualTo(2);
    assertThat(SCORES.rank(CHANNELS, 0)).isEqualTo(3);
  }

  @Test
  void meansFollowTheOrder() {
    assertThat(SCORES.mean(CHANNELS, UnitOrder.BY_SCORE, 0, 2)).isEqualTo(6);
    assertThat(SCORES.mean(CHANNELS, UnitOrder.BY_INDEX, 0, 2)).isEqualTo(2);
  }

  @Test
  void countsWhatStaysAmongNeighbours() {
    assertThat(SCORES.keptAmong(CHANNELS, 0, 4, 2)).isEqualTo(2);
    assertThat(SCORES.keptAmong(CHANNELS, 0, 2, 2)).isEqualTo(1);
  }

  @Test
  void aColourRangeGoesFromTheLowestToTheHighestScoreByShareOfUnits() {
    RankedScores.Range block = SCORES.range(HEADS, Normalisation.PER_BLOCK);
    assertThat(block.low()).isEqualTo(1);
    assertThat(block.high()).isEqualTo(3);
    assertThat(block.position(2.5)).isCloseTo(0.75, within(1e-12));
    RankedScores.Range kind = SCORES.range(HEADS, Normalisation.PER_KIND);
    assertThat(kind.low()).isEqualTo(-5);
    assertThat(kind.high()).isEqualTo(100);
    assertThat(kind.position(3)).isCloseTo(0.6, within(1e-12));
    assertThat(kind.position(-50)).isZero();
    assertThat(kind.position(500)).isEqualTo(1);
    RankedScores.Range global = SCORES.range(CHANNELS, Normalisation.GLOBAL);
    assertThat(global.at(0.5)).isEqualTo(3);
  }

  @Test
  void tiedScoresShareThePositionInTheirMiddle() {
    RankedScores.Range block = SCORES.range(CHANNELS, Normalisation.PER_BLOCK);
    assertThat(block.position(4)).isEqualTo(0.5);
  }

  @Test
  void oddScoresDoNotBreakThePicture() {
    RankedScores odd =
        new RankedScores(
            new ImportanceMap(
                "test",
                List.of(new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY}),
                List.of(new double[] {})));
    assertThat(odd.range(HEADS, Normalisation.PER_KIND).high()).isEqualTo(1);
    assertThat(odd.mean(HEADS, UnitOrder.BY_SCORE, 0, 3)).isEqualTo(1);
    assertThat(odd.range(CHANNELS, Normalisation.PER_KIND).low()).isNaN();
  }
}
