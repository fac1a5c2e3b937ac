package org.espalier.ui.heatmap;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Scores made ready for drawing: ranks, running sums and colour ranges, worked out once for an
 * importance map. Not finite scores count as the nearest finite one.
 */
public final class RankedScores {
  /** Outermost share of scores that does not stretch the colour range, at each end. */
  private static final double CLIPPED_SHARE = 0.01;

  /** From palest to strongest colour. */
  public record Range(double low, double high) {
    /** Position of a score in the range, 0 to 1. */
    public double position(double score) {
      return high > low ? Math.max(0, Math.min(1, (score - low) / (high - low))) : 0.5;
    }
  }

  /** One sub-layer's units. */
  private record Ranked(
      double[] scores,
      int[] rank,
      int[] byRank,
      double[] sumsByRank,
      double[] sumsByIndex,
      Range range) {}

  private final String statistic;
  private final Map<SubLayerKind, List<Ranked>> subLayers = new EnumMap<>(SubLayerKind.class);
  private final Map<SubLayerKind, Range> kindRanges = new EnumMap<>(SubLayerKind.class);
  private final Range globalRange;

  public RankedScores(ImportanceMap importance) {
    statistic = importance.statistic();
    double[] everything = {};
    for (SubLayerKind kind : SubLayerKind.values()) {
      List<Ranked> ofKind =
          IntStream.range(0, importance.blocks())
              .mapToObj(block -> rank(importance.scores(new SubLayer(block, kind))))
              .toList();
      subLayers.put(kind, ofKind);
      double[] ofAll =
          ofKind.stream().flatMapToDouble(one -> Arrays.stream(one.scores())).toArray();
      kindRanges.put(kind, range(ofAll));
      int before = everything.length;
      everything = Arrays.copyOf(everything, before + ofAll.length);
      System.arraycopy(ofAll, 0, everything, before, ofAll.length);
    }
    globalRange = range(everything);
  }

  /** What the numbers are. */
  public String statistic() {
    return statistic;
  }

  public int blocks() {
    return subLayers.get(SubLayerKind.ATTENTION).size();
  }

  public int units(SubLayer subLayer) {
    return of(subLayer).scores().length;
  }

  public double score(SubLayer subLayer, int unit) {
    return of(subLayer).scores()[unit];
  }

  /** Position of a unit by falling score, from 0. */
  public int rank(SubLayer subLayer, int unit) {
    return of(subLayer).rank()[unit];
  }

  /** The unit at a position by falling score. */
  public int unitAtRank(SubLayer subLayer, int rank) {
    return of(subLayer).byRank()[rank];
  }

  /** Mean score of the units in positions {@code from} to {@code to} (exclusive) of the order. */
  public double mean(SubLayer subLayer, UnitOrder order, int from, int to) {
    Ranked ranked = of(subLayer);
    double[] sums = order == UnitOrder.BY_SCORE ? ranked.sumsByRank() : ranked.sumsByIndex();
    return (sums[to] - sums[from]) / (to - from);
  }

  /** The scores that the colours of a sub-layer span. */
  public Range range(SubLayer subLayer, Normalisation normalisation) {
    return switch (normalisation) {
      case PER_BLOCK -> of(subLayer).range();
      case PER_KIND -> kindRanges.get(subLayer.kind());
      case GLOBAL -> globalRange;
    };
  }

  private Ranked of(SubLayer subLayer) {
    return subLayers.get(subLayer.kind()).get(subLayer.block());
  }

  private static Ranked rank(double[] raw) {
    double[] scores = finite(raw);
    int units = scores.length;
    double[] rising = scores.clone();
    Arrays.sort(rising);
    int[] equalsSeen = new int[units];
    int[] rank = new int[units];
    int[] byRank = new int[units];
    for (int unit = 0; unit < units; unit++) {
      int first = firstNotBelow(rising, scores[unit]);
      int above = units - firstNotBelow(rising, Math.nextUp(scores[unit]));
      rank[unit] = above + equalsSeen[first]++;
      byRank[rank[unit]] = unit;
    }
    double[] sumsByRank = new double[units + 1];
    double[] sumsByIndex = new double[units + 1];
    for (int i = 0; i < units; i++) {
      sumsByRank[i + 1] = sumsByRank[i] + scores[byRank[i]];
      sumsByIndex[i + 1] = sumsByIndex[i] + scores[i];
    }
    return new Ranked(scores, rank, byRank, sumsByRank, sumsByIndex, range(scores));
  }

  private static int firstNotBelow(double[] rising, double value) {
    int low = 0;
    int high = rising.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rising[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double[] finite(double[] raw) {
    double low = Arrays.stream(raw).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(raw).filter(Double::isFinite).max().orElse(0);
    return Arrays.stream(raw)
        .map(
            score ->
                // Adding zero makes a negative zero positive, so that equal scores sort as equal.
                Double.isNaN(score) ? low : Math.max(low, Math.min(high, score)) + 0.0)
        .toArray();
  }

  private static Range range(double[] scores) {
    if (scores.length == 0) {
      return new Range(0, 0);
    }
    double[] rising = scores.clone();
    Arrays.sort(rising);
    int clipped = (int) (CLIPPED_SHARE * rising.length);
    return new Range(rising[clipped], rising[rising.length - 1 - clipped]);
  }
}
