package org.espalier.report.heatmap;

import java.util.Arrays;
import org.espalier.allocation.HandPicked;
import org.espalier.transformer.SubLayer;

/** The scores of one sub-layer as numbers to plot: which units stay, and where the cut is. */
public final class UnitPlot {
  /** The scale ends at this share of the units where the highest scores dwarf all others. */
  private static final double MOST = 0.99;

  private static final double DWARFED = 3;

  private final RankedScores scores;
  private final SubLayer subLayer;
  private final UnitOrder order;
  private final int units;
  private final int kept;
  private final RankedScores.Range range;
  private final double top;
  private final double threshold;

  /**
   * @param picture that has scores
   */
  public UnitPlot(EspalierPicture picture, SubLayer subLayer) {
    scores = picture.scores().orElseThrow();
    this.subLayer = subLayer;
    order = picture.order();
    units = picture.model().units(subLayer);
    kept = picture.kept().kept(subLayer);
    range = scores.range(subLayer, Normalisation.PER_BLOCK);
    double most = range.at(MOST);
    top =
        range.high() - range.low() > DWARFED * (most - range.low()) && most > range.low()
            ? most
            : range.high();
    threshold = threshold(picture.locks().pickedOf(subLayer));
  }

  public int units() {
    return units;
  }

  public int kept() {
    return kept;
  }

  /** The lowest score, where the scale begins. */
  public double low() {
    return range.low();
  }

  public double high() {
    return range.high();
  }

  public double median() {
    return range.at(0.5);
  }

  /** Where the scale ends: the highest score, or that of most units where few dwarf the others. */
  public double top() {
    return top;
  }

  /**
   * The score between the lowest unit that stays and the highest that goes, units picked by hand
   * left out; NaN where nothing or everything goes.
   */
  public double threshold() {
    return threshold;
  }

  private double threshold(HandPicked picked) {
    double lowestKept = Double.NaN;
    double highestRemoved = Double.NaN;
    for (int rank = 0; rank < units; rank++) {
      int unit = scores.unitAtRank(subLayer, rank);
      if (picked.kept().contains(unit) || picked.dropped().contains(unit)) {
        continue;
      }
      if (rank < kept) {
        lowestKept = scores.score(subLayer, unit);
      } else {
        highestRemoved = scores.score(subLayer, unit);
        break;
      }
    }
    return (lowestKept + highestRemoved) / 2;
  }

  /** The unit at a position of the plot's order. */
  public int unitAt(int position) {
    return order == UnitOrder.BY_SCORE ? scores.unitAtRank(subLayer, position) : position;
  }

  /** Position of a unit in the plot's order. */
  public int positionOf(int unit) {
    return order == UnitOrder.BY_SCORE ? scores.rank(subLayer, unit) : unit;
  }

  public boolean isKept(int unit) {
    return scores.rank(subLayer, unit) < kept;
  }

  public double score(int unit) {
    return scores.score(subLayer, unit);
  }

  /** Mean score of positions {@code from} to {@code to} (exclusive). */
  double mean(int from, int to) {
    return scores.mean(subLayer, order, from, to);
  }

  /** Share of positions {@code from} to {@code to} (exclusive) that stays. */
  double keptShare(int from, int to) {
    if (order == UnitOrder.BY_SCORE) {
      return (double) Math.max(0, Math.min(to, kept) - from) / (to - from);
    }
    return (double) scores.keptAmong(subLayer, from, to, kept) / (to - from);
  }

  /** Height of a score on the scale, 0 to 1; higher ones end at 1. */
  public double height(double score) {
    return top == low() ? 0.5 : Math.max(0, Math.min(1, (score - low()) / (top - low())));
  }

  /** Mean score of what stays; NaN for nothing. */
  public double meanKept() {
    return mean(true);
  }

  /** Mean score of what goes; NaN for nothing. */
  public double meanRemoved() {
    return mean(false);
  }

  private double mean(boolean ofKept) {
    double sum = 0;
    for (int rank = ofKept ? 0 : kept; rank < (ofKept ? kept : units); rank++) {
      sum += scores.score(subLayer, scores.unitAtRank(subLayer, rank));
    }
    return sum / (ofKept ? kept : units - kept);
  }

  /**
   * How many units have which score.
   *
   * @param bins of equal width from {@link #low} to {@link #top}
   * @return counts of units that stay and of units that go, [2][bins]
   */
  public int[][] histogram(int bins) {
    int[][] counts = new int[2][bins];
    for (int rank = 0; rank < units; rank++) {
      double height = height(scores.score(subLayer, scores.unitAtRank(subLayer, rank)));
      counts[rank < kept ? 0 : 1][Math.min(bins - 1, (int) (height * bins))]++;
    }
    return counts;
  }

  /** The most units in one bin of a histogram. */
  static int most(int[][] histogram) {
    int[] both = new int[histogram[0].length];
    Arrays.setAll(both, bin -> histogram[0][bin] + histogram[1][bin]);
    return Arrays.stream(both).max().orElse(0);
  }
}
