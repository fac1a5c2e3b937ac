package org.espalier.report.heatmap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Ranking;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Scores made ready for drawing: ranks, running sums and colour ranges, worked out once for an
 * importance map. Scores that are not finite count as the nearest finite one.
 */
public final class RankedScores {
  /** Enough scores to tell 256 colours apart. */
  private static final int SAMPLE = 1 << 17;

  /**
   * Turns scores into positions on the colour map: a score's position is the share of the range's
   * scores below it. Scores have long tails (a few units dwarf all others), so equal steps of the
   * score would paint nearly everything in one colour.
   */
  public static final class Range {
    private final double[] ascending;

    private Range(double[] ascending) {
      this.ascending = ascending;
    }

    /** The lowest score. */
    public double low() {
      return at(0);
    }

    /** The highest score. */
    public double high() {
      return at(1);
    }

    /** The score at a position from 0 to 1: 0.5 is the median. NaN if there are no scores. */
    public double at(double position) {
      if (ascending.length == 0) {
        return Double.NaN;
      }
      double place = Math.max(0, Math.min(1, position)) * (ascending.length - 1);
      int below = (int) place;
      int above = Math.min(below + 1, ascending.length - 1);
      return ascending[below] + (ascending[above] - ascending[below]) * (place - below);
    }

    /** Position of a score, 0 to 1. */
    public double position(double score) {
      int last = ascending.length - 1;
      if (last < 1 || ascending[0] == ascending[last]) {
        return 0.5;
      }
      int from = firstNotBelow(ascending, score);
      int to = firstNotBelow(ascending, Math.nextUp(score)) - 1;
      if (from <= to) {
        return (from + to) / 2.0 / last;
      }
      if (to < 0) {
        return 0;
      }
      if (from > last) {
        return 1;
      }
      double between = (score - ascending[to]) / (ascending[from] - ascending[to]);
      return (to + between) / last;
    }
  }

  /** One sub-layer's units; the arrays never leave this class. */
  private static final class Ranked {
    final double[] scores;
    final Ranking ranking;
    final double[] sumsByRank;
    final double[] sumsByIndex;
    final Range range;
    final KeptBins bins;
    double[] positions = {};
    UnitOrder positionsOrder;
    Normalisation positionsNormalisation;

    Ranked(double[] raw) {
      this(finite(raw), HandPicked.NONE);
    }

    private Ranked(double[] scores, HandPicked picked) {
      this.scores = scores;
      ranking = Ranking.of(scores).with(picked);
      bins = new KeptBins(ranking);
      int units = scores.length;
      sumsByRank = new double[units + 1];
      sumsByIndex = new double[units + 1];
      double[] ascending = scores.clone();
      Arrays.sort(ascending);
      for (int i = 0; i < units; i++) {
        double ranked = scores[ranking.unitAt(i)];
        sumsByRank[i + 1] = sumsByRank[i] + ranked;
        sumsByIndex[i + 1] = sumsByIndex[i] + scores[i];
      }
      range = new Range(ascending);
    }
  }

  private final String statistic;
  private final Map<SubLayerKind, List<Ranked>> subLayers = new EnumMap<>(SubLayerKind.class);
  private final Map<SubLayerKind, Range> kindRanges = new EnumMap<>(SubLayerKind.class);
  private final Range globalRange;

  public RankedScores(ImportanceMap importance) {
    statistic = importance.statistic();
    for (SubLayerKind kind : SubLayerKind.values()) {
      List<Ranked> ofKind =
          IntStream.range(0, importance.blocks())
              .mapToObj(block -> new Ranked(importance.scores(new SubLayer(block, kind))))
              .toList();
      subLayers.put(kind, ofKind);
      kindRanges.put(kind, joined(ofKind));
    }
    globalRange = joined(subLayers.values().stream().flatMap(List::stream).toList());
  }

  private RankedScores(RankedScores other, Map<SubLayer, HandPicked> picked) {
    statistic = other.statistic;
    kindRanges.putAll(other.kindRanges);
    globalRange = other.globalRange;
    for (SubLayerKind kind : SubLayerKind.values()) {
      List<Ranked> ofKind = new ArrayList<>(other.subLayers.get(kind));
      picked.forEach(
          (subLayer, units) -> {
            if (subLayer.kind() == kind) {
              ofKind.set(subLayer.block(), new Ranked(ofKind.get(subLayer.block()).scores, units));
            }
          });
      subLayers.put(kind, ofKind);
    }
  }

  /** With units kept by hand before all others of their sub-layer, and dropped ones after them. */
  public RankedScores with(Map<SubLayer, HandPicked> picked) {
    return picked.isEmpty() ? this : new RankedScores(this, picked);
  }

  /** False where all units of a sub-layer share one score, because the method judges no units. */
  public boolean tellsUnitsApart(SubLayer subLayer) {
    Range range = of(subLayer).range;
    return of(subLayer).scores.length < 2 || range.low() < range.high();
  }

  /** What the numbers are. */
  public String statistic() {
    return statistic;
  }

  public int blocks() {
    return subLayers.get(SubLayerKind.ATTENTION).size();
  }

  public int units(SubLayer subLayer) {
    return of(subLayer).scores.length;
  }

  public double score(SubLayer subLayer, int unit) {
    return of(subLayer).scores[unit];
  }

  /** Position of a unit by falling score, from 0. */
  public int rank(SubLayer subLayer, int unit) {
    return of(subLayer).ranking.rankOf(unit);
  }

  /** The unit at a position by falling score. */
  public int unitAtRank(SubLayer subLayer, int rank) {
    return of(subLayer).ranking.unitAt(rank);
  }

  /**
   * How many of the units with indices {@code from} to {@code to} (exclusive) stay when the
   * sub-layer keeps its {@code kept} most important ones.
   */
  public int keptAmong(SubLayer subLayer, int from, int to, int kept) {
    return of(subLayer).ranking.among(from, to, kept);
  }

  /**
   * Positions of the bins' mean scores in the colour range; remembers the last answer, because
   * looking scores up among all others costs more than painting them. Ask from one thread.
   *
   * @return one per bin, 0 to 1, valid until the next call; do not modify
   */
  double[] positions(SubLayer subLayer, UnitOrder order, Normalisation normalisation, int bins) {
    Ranked ranked = of(subLayer);
    if (ranked.positions.length != bins
        || ranked.positionsOrder != order
        || ranked.positionsNormalisation != normalisation) {
      Range range = range(subLayer, normalisation);
      long units = ranked.scores.length;
      double[] positions = new double[bins];
      for (int bin = 0; bin < bins; bin++) {
        int from = (int) (bin * units / bins);
        int to = (int) ((bin + 1) * units / bins);
        positions[bin] = range.position(mean(subLayer, order, from, to));
      }
      ranked.positions = positions;
      ranked.positionsOrder = order;
      ranked.positionsNormalisation = normalisation;
    }
    return ranked.positions;
  }

  /**
   * How many units of each bin stay, by index; remembers the last answer, so ask from one thread.
   *
   * @return one count per bin, valid until the next call; do not modify
   */
  int[] keptPerBin(SubLayer subLayer, int bins, int kept) {
    return of(subLayer).bins.counts(bins, kept);
  }

  /** Mean score of the units in positions {@code from} to {@code to} (exclusive) of the order. */
  public double mean(SubLayer subLayer, UnitOrder order, int from, int to) {
    Ranked ranked = of(subLayer);
    double[] sums = order == UnitOrder.BY_SCORE ? ranked.sumsByRank : ranked.sumsByIndex;
    return (sums[to] - sums[from]) / (to - from);
  }

  /** The scores that the colours of a sub-layer span. */
  public Range range(SubLayer subLayer, Normalisation normalisation) {
    return switch (normalisation) {
      case PER_BLOCK -> of(subLayer).range;
      case PER_KIND -> kindRanges.get(subLayer.kind());
      case GLOBAL -> globalRange;
    };
  }

  private Ranked of(SubLayer subLayer) {
    return subLayers.get(subLayer.kind()).get(subLayer.block());
  }

  /** The range of several sub-layers together, from a regular sample where they hold very many. */
  private static Range joined(List<Ranked> parts) {
    long total = parts.stream().mapToLong(part -> part.scores.length).sum();
    int step = (int) Math.max(1, total / SAMPLE);
    double[] sample =
        parts.stream()
            .flatMapToDouble(
                part -> {
                  double[] ascending = part.range.ascending;
                  int last = ascending.length - 1;
                  // Both ends of every part belong to the sample, so the ends of the whole do, too.
                  return IntStream.rangeClosed(0, last < 0 ? -1 : (last + step - 1) / step)
                      .mapToDouble(i -> ascending[(int) Math.min(last, (long) i * step)]);
                })
            .toArray();
    Arrays.sort(sample);
    return new Range(sample);
  }

  private static int firstNotBelow(double[] ascending, double value) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < value) {
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
}
