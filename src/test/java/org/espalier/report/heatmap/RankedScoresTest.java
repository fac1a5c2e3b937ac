package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
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

  @Test
  void unitsKeptByHandComeFirstAndDroppedOnesLastWhileTheirScoresStay() {
    RankedScores picked = SCORES.with(Map.of(CHANNELS, HandPicked.NONE.keeping(0).dropping(3)));

    assertThat(picked.rank(CHANNELS, 0)).isZero();
    assertThat(picked.rank(CHANNELS, 3)).isEqualTo(3);
    assertThat(picked.unitAtRank(CHANNELS, 1)).isEqualTo(1);
    assertThat(picked.score(CHANNELS, 0)).isZero();
    assertThat(picked.rank(HEADS, 0)).isEqualTo(SCORES.rank(HEADS, 0));
    assertThat(picked.range(CHANNELS, Normalisation.PER_BLOCK).high()).isEqualTo(8);
  }

  @Test
  void aPlotKnowsTheCutAndWhatStaysAndGoes() {
    ImportanceMap importance =
        new ImportanceMap(
            "test", List.of(new double[] {1}), List.of(new double[] {5, 1, 4, 2, 100}));
    PrunableModel model = new PrunableModel(List.of(new PrunableModel.Block(1, 1, 5, 1)), 9, 9);
    EspalierPicture picture =
        new EspalierPicture(
            model,
            Optional.of(new RankedScores(importance)),
            new Allocation(List.of(1), List.of(3)),
            Locks.NONE,
            UnitOrder.BY_SCORE,
            Normalisation.PER_KIND);
    UnitPlot plot = new UnitPlot(picture, CHANNELS);

    assertThat(plot.threshold()).isEqualTo(3);
    assertThat(plot.meanRemoved()).isEqualTo(1.5);
    assertThat(plot.isKept(4)).isTrue();
    assertThat(plot.isKept(3)).isFalse();
    assertThat(plot.unitAt(0)).isEqualTo(4);
    assertThat(plot.positionOf(1)).isEqualTo(4);
    int[][] histogram = plot.histogram(2);
    assertThat(histogram[0]).containsExactly(2, 1);
    assertThat(histogram[1]).containsExactly(2, 0);
  }

  @Test
  void binsCountWhatStaysHoweverTheCountMoves() {
    Random random = new Random(4);
    double[] many = random.doubles(1000).toArray();
    RankedScores scores =
        new RankedScores(new ImportanceMap("test", List.of(new double[] {1}), List.of(many)));
    for (int round = 0; round < 50; round++) {
      int bins = 1 + random.nextInt(170);
      int kept = random.nextInt(1001);
      for (int wanted : new int[] {kept, random.nextInt(1001)}) {
        int[] counts = scores.keptPerBin(CHANNELS, bins, wanted);
        for (int bin = 0; bin < bins; bin++) {
          int from = (int) (bin * 1000L / bins);
          int to = (int) ((bin + 1) * 1000L / bins);
          assertThat(counts[bin]).isEqualTo(scores.keptAmong(CHANNELS, from, to, wanted));
        }
      }
    }
  }
}
