package org.espalier.allocation;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.espalier.importance.ImportanceMap;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;

/**
 * In which order units go: one priority per unit, lowest first, sorted within each sub-layer once,
 * so that any threshold over all sub-layers is answered by binary searches.
 *
 * <p>Arrays by sub-layer follow {@link PrunableModel#subLayers()}.
 */
final class RemovalOrder {
  private final double[][] ascending;

  private RemovalOrder(double[][] ascending) {
    this.ascending = ascending;
  }

  /** Units go by their scores. */
  static RemovalOrder byScore(PrunableModel model, ImportanceMap importance) {
    if (importance.blocks() != model.blocks().size()) {
      throw new IllegalArgumentException(
          "scores for "
              + importance.blocks()
              + " blocks, but the model has "
              + model.blocks().size());
    }
    List<SubLayer> subLayers = model.subLayers();
    double[][] ascending = new double[subLayers.size()][];
    for (int s = 0; s < ascending.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      double[] scores = importance.scores(subLayer);
      if (scores.length != model.units(subLayer)) {
        throw new IllegalArgumentException(
            subLayer + " has " + model.units(subLayer) + " units but " + scores.length + " scores");
      }
      double[] sorted = new double[scores.length];
      for (int i = 0; i < scores.length; i++) {
        if (Double.isNaN(scores[i])) {
          throw new EspalierException(
              "The score of unit "
                  + i
                  + " in "
                  + subLayer.label()
                  + " is not a number; check the calibration text and the checkpoint for broken"
                  + " values.");
        }
        sorted[i] = scores[i] + 0.0; // Makes -0.0 equal to 0.0 for sorting, too.
      }
      Arrays.sort(sorted);
      ascending[s] = sorted;
    }
    return new RemovalOrder(ascending);
  }

  /**
   * Every sub-layer loses the same share. Where that share is not a whole number of units, some
   * sub-layers round up and others down, spread evenly over the depth (the priorities are shifted
   * by a van der Corput sequence), so that the rounding cancels out in the sum. The first block,
   * often the most sensitive one, rounds up last.
   */
  static RemovalOrder uniform(PrunableModel model) {
    List<SubLayer> subLayers = model.subLayers();
    double[][] ascending = new double[subLayers.size()][];
    for (int s = 0; s < ascending.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      int units = model.units(subLayer);
      double shift = 1 - radicalInverse(subLayer.block());
      ascending[s] = new double[units];
      for (int i = 0; i < units; i++) {
        ascending[s][i] = (i + shift) / units;
      }
    }
    return new RemovalOrder(ascending);
  }

  /** The binary digits of a number mirrored at the point: 0, 1/2, 1/4, 3/4, 1/8, ... */
  private static double radicalInverse(int number) {
    return Integer.toUnsignedLong(Integer.reverse(number)) * 0x1p-32;
  }

  int subLayers() {
    return ascending.length;
  }

  int units(int subLayer) {
    return ascending[subLayer].length;
  }

  /** The priority of the unit that goes after {@code removed} others of its sub-layer. */
  double priority(int subLayer, int removed) {
    return ascending[subLayer][removed];
  }

  /** Units of a sub-layer with a priority lower than {@code threshold}. */
  int countBelow(int subLayer, double threshold) {
    double[] priorities = ascending[subLayer];
    int low = 0;
    int high = priorities.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (priorities[middle] < threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Units of a sub-layer with a priority of at most {@code threshold}. */
  int countAtMost(int subLayer, double threshold) {
    return countAtMost(subLayer, threshold, 0, ascending[subLayer].length);
  }

  private int countAtMost(int subLayer, double threshold, int from, int to) {
    double[] priorities = ascending[subLayer];
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (priorities[middle] <= threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The lowest priority at which the units up to and including it weigh more than {@code wanted}.
   *
   * @param weights of one unit, by sub-layer
   * @param removable units that may go, by sub-layer
   * @return empty if all removable units together weigh no more than {@code wanted}
   */
  OptionalDouble crossing(long[] weights, int[] removable, double wanted) {
    long total = 0;
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < ascending.length; s++) {
      if (removable[s] > 0) {
        total += removable[s] * weights[s];
        lowest = Math.min(lowest, ascending[s][0]);
        highest = Math.max(highest, ascending[s][removable[s] - 1]);
      }
    }
    if (total <= wanted) {
      return OptionalDouble.empty();
    }
    // Bisection over the bit patterns of doubles: exact after at most 64 steps, and the searches
    // within the sub-layers narrow with it.
    int[] from = new int[ascending.length];
    int[] to = removable.clone();
    int[] counts = new int[ascending.length];
    long tooLow = orderedBits(lowest) - 1;
    long enough = orderedBits(highest);
    while (tooLow + 1 < enough) {
      long middle = (tooLow & enough) + ((tooLow ^ enough) >> 1);
      double threshold = fromOrderedBits(middle);
      double weight = 0;
      for (int s = 0; s < ascending.length; s++) {
        counts[s] = countAtMost(s, threshold, from[s], to[s]);
        weight += (double) counts[s] * weights[s];
      }
      if (weight > wanted) {
        enough = middle;
        System.arraycopy(counts, 0, to, 0, counts.length);
      } else {
        tooLow = middle;
        System.arraycopy(counts, 0, from, 0, counts.length);
      }
    }
    return OptionalDouble.of(fromOrderedBits(enough));
  }

  /** The lowest priority above {@code threshold}, if there is one. */
  OptionalDouble next(double threshold) {
    double next = Double.POSITIVE_INFINITY;
    boolean found = false;
    for (int s = 0; s < ascending.length; s++) {
      int count = countAtMost(s, threshold);
      if (count < ascending[s].length) {
        next = Math.min(next, ascending[s][count]);
        found = true;
      }
    }
    return found ? OptionalDouble.of(next) : OptionalDouble.empty();
  }

  /**
   * Removes units in order until the removed weight is as near to {@code wanted} as it gets. Units
   * of equal priority go one from each sub-layer in turn, so that ties neither depend on chance nor
   * drain one sub-layer.
   *
   * @return removed units, by sub-layer
   */
  int[] remove(long[] weights, int[] removable, double wanted) {
    OptionalDouble crossing = crossing(weights, removable, wanted);
    if (crossing.isEmpty()) {
      return removable.clone();
    }
    int[] removed = new int[ascending.length];
    int[] most = new int[ascending.length];
    double weight = 0;
    for (int s = 0; s < ascending.length; s++) {
      removed[s] = Math.min(removable[s], countBelow(s, crossing.getAsDouble()));
      most[s] = Math.min(removable[s], countAtMost(s, crossing.getAsDouble()));
      weight += (double) removed[s] * weights[s];
    }
    for (boolean any = true; any; ) {
      any = false;
      for (int s = 0; s < ascending.length; s++) {
        if (removed[s] < most[s]) {
          if (weight + weights[s] - wanted >= wanted - weight) {
            return removed; // One more would miss by more, or by as much.
          }
          removed[s]++;
          weight += weights[s];
          any = true;
        }
      }
    }
    return removed;
  }

  /**
   * How many units of a sub-layer go when {@code wanted} should and those that score like the
   * lowest kept unit stay; at most {@code removable}.
   */
  int removeKeepingTies(int subLayer, int wanted, int removable) {
    int count =
        wanted < units(subLayer)
            ? countBelow(subLayer, priority(subLayer, wanted))
            : units(subLayer);
    return Math.min(count, removable);
  }

  /** Integers in the order of the doubles. */
  private static long orderedBits(double value) {
    long bits = Double.doubleToLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private static double fromOrderedBits(long ordered) {
    return Double.longBitsToDouble(ordered ^ ((ordered >> 63) & Long.MAX_VALUE));
  }
}
