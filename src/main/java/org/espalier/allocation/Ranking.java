package org.espalier.allocation;

import java.util.Arrays;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;

/**
 * Units of one sub-layer from the most to the least important; of equal scores the lower index
 * comes first. Keeping n units means keeping the first n.
 */
public final class Ranking {
  private final int[] units;
  private final int[] ranks;

  private Ranking(int[] units) {
    this.units = units;
    this.ranks = new int[units.length];
    for (int rank = 0; rank < units.length; rank++) {
      ranks[units[rank]] = rank;
    }
  }

  public static Ranking of(ImportanceMap importance, SubLayer subLayer) {
    return of(importance.scores(subLayer));
  }

  /**
   * Ranks the units of one sub-layer.
   *
   * @param scores one per unit, none of them NaN
   */
  public static Ranking of(double[] scores) {
    double[] ascending = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      ascending[i] = scores[i] + 0.0; // Makes -0.0 equal to 0.0 for sorting, too.
    }
    Arrays.sort(ascending);
    // Sorting plain numbers and looking each score up is many times faster than sorting indices.
    int[] taken = new int[scores.length];
    int[] units = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      int atMost = countAtMost(ascending, scores[i]);
      int rank = scores.length - atMost;
      units[rank + taken[rank]++] = i;
    }
    return new Ranking(units);
  }

  /** This ranking with the units kept by hand before all others and those dropped after them. */
  public Ranking with(HandPicked picked) {
    if (picked.isEmpty()) {
      return this;
    }
    int[] order = new int[units.length];
    int next = 0;
    for (int round = 0; round < 3; round++) {
      for (int unit : units) {
        int place = picked.kept().contains(unit) ? 0 : picked.dropped().contains(unit) ? 2 : 1;
        if (place == round) {
          order[next++] = unit;
        }
      }
    }
    return new Ranking(order);
  }

  private static int countAtMost(double[] ascending, double score) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] <= score) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public int units() {
    return units.length;
  }

  /** The unit at a rank, 0 being the most important. */
  public int unitAt(int rank) {
    return units[rank];
  }

  /** The rank of a unit, 0 being the most important. */
  public int rankOf(int unit) {
    return ranks[unit];
  }

  /**
   * How many of the units {@code from} to {@code to} (exclusive) are among the first {@code count}.
   */
  public int among(int from, int to, int count) {
    int among = 0;
    for (int unit = from; unit < to; unit++) {
      among += (ranks[unit] - count) >>> 31; // 1 for a smaller rank, without a branch
    }
    return among;
  }

  /** The {@code count} most important units, ascending by index. */
  public int[] kept(int count) {
    int[] kept = Arrays.copyOf(units, count);
    Arrays.sort(kept);
    return kept;
  }
}
