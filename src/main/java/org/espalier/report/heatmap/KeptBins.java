package org.espalier.report.heatmap;

import org.espalier.allocation.Ranking;

/**
 * How many units of each bin stay, when bins follow the checkpoint's order. Remembers the last
 * answer: while a target is dragged only a few units change from one frame to the next.
 */
final class KeptBins {
  private final Ranking ranking;
  private int[] counts = {};
  private int kept;

  KeptBins(Ranking ranking) {
    this.ranking = ranking;
  }

  /**
   * Counts.
   *
   * @param bins bin b holds the units from {@code b·units/bins} to {@code (b+1)·units/bins}
   * @param wanted how many units stay
   * @return one count per bin, valid until the next call; do not modify
   */
  int[] counts(int bins, int wanted) {
    if (counts.length != bins) {
      counts = new int[bins];
      kept = 0;
    }
    for (; kept < wanted; kept++) {
      counts[bin(ranking.unitAt(kept))]++;
    }
    for (; kept > wanted; kept--) {
      counts[bin(ranking.unitAt(kept - 1))]--;
    }
    return counts;
  }

  private int bin(int unit) {
    int bins = counts.length;
    long units = ranking.units();
    int bin = (int) ((long) unit * bins / units);
    // Rounding may put the unit into the next bin.
    return (bin + 1L) * units / bins <= unit ? bin + 1 : bin;
  }
}
