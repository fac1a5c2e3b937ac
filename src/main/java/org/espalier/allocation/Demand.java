package org.espalier.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;

/**
 * What a target asks of the sub-layers that are not held. Arrays by sub-layer follow {@link
 * PrunableModel#subLayers()}.
 */
final class Demand {
  /** What holds sub-layers when only the user does. */
  static final String LOCKS = "locked and hand-set sub-layers";

  private static final String LAST_UNITS = "the one unit that every other sub-layer keeps holds";

  private final int[] held;
  private final long[] weights;
  private final int[] removable;
  private final double wanted;

  private Demand(int[] held, long[] weights, int[] removable, double wanted) {
    this.held = held;
    this.weights = weights;
    this.removable = removable;
    this.wanted = wanted;
  }

  /** Weight of one unit by sub-layer, in the measure of the target's definition. */
  long[] weights() {
    return weights;
  }

  /** Units that may go, by sub-layer; 0 where a sub-layer is held. */
  int[] removable() {
    return removable;
  }

  /** Weight that should go from the sub-layers that are not held. */
  double wanted() {
    return wanted;
  }

  /**
   * Weighs a target against the holds.
   *
   * @param heldBecause what the holds are, for the message
   * @throws InfeasibleTargetException if the target cannot be met within the largest unit that is
   *     not held
   */
  static Demand of(
      PrunableModel model,
      Target target,
      Locks locks,
      SubLayerRemoval removal,
      String heldBecause) {
    int[] most =
        model.subLayers().stream()
            .mapToInt(subLayer -> removal.removable(model.units(subLayer)))
            .toArray();
    return of(model, target, locks, most, heldBecause, LAST_UNITS);
  }

  /**
   * As {@link #of(PrunableModel, Target, Locks, SubLayerRemoval, String)}, with a limit for every
   * sub-layer.
   *
   * @param most units that may go from each sub-layer that is not held
   * @param limitBecause what keeps the others, for the message: "what ... keeps holds"
   */
  static Demand of(
      PrunableModel model,
      Target target,
      Locks locks,
      int[] most,
      String heldBecause,
      String limitBecause) {
    checkHolds(model, locks);
    List<SubLayer> subLayers = model.subLayers();
    int[] held = new int[subLayers.size()];
    long[] weights = new long[subLayers.size()];
    int[] removable = new int[subLayers.size()];
    long heldRemoved = 0;
    long heldKept = 0;
    long freeRemovable = 0;
    long freeMinimum = 0;
    long largestFree = 0;
    long largest = 0;
    for (int s = 0; s < held.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      int units = model.units(subLayer);
      weights[s] = target.of().unitWeight(model, subLayer);
      if (units > 0) {
        largest = Math.max(largest, weights[s]);
      }
      Hold hold = locks.holds().get(subLayer);
      if (hold != null) {
        held[s] = hold.keptUnits();
        heldRemoved += (units - hold.keptUnits()) * weights[s];
        heldKept += hold.keptUnits() * weights[s];
      } else {
        held[s] = -1;
        removable[s] = most[s];
        freeRemovable += removable[s] * weights[s];
        freeMinimum += (units - removable[s]) * weights[s];
        if (removable[s] > 0) {
          largestFree = Math.max(largestFree, weights[s]);
        }
      }
    }
    long reference = target.of().reference(model);
    double wanted = target.ratio() * reference - heldRemoved;
    // With everything held there is no unlocked unit; what is shown then stands for its target.
    long tolerance = largestFree > 0 ? largestFree : largest;
    if (wanted > freeRemovable + tolerance) {
      long outside = reference - heldRemoved - heldKept - freeRemovable - freeMinimum;
      throw tooMuch(
          target,
          (double) (heldRemoved + freeRemovable) / reference,
          (double) heldKept / reference,
          (double) freeMinimum / reference,
          (double) outside / reference,
          heldBecause,
          limitBecause);
    }
    if (wanted < -tolerance) {
      throw tooLittle(target, (double) heldRemoved / reference, heldBecause);
    }
    return new Demand(held, weights, removable, wanted);
  }

  /** The allocation that keeps the holds and removes {@code removed} units elsewhere. */
  Allocation allocation(PrunableModel model, int[] removed) {
    List<Integer> headGroups = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    List<SubLayer> subLayers = model.subLayers();
    for (int s = 0; s < removed.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      int kept = held[s] >= 0 ? held[s] : model.units(subLayer) - removed[s];
      switch (subLayer.kind()) {
        case ATTENTION -> headGroups.add(kept);
        case FEED_FORWARD -> channels.add(kept);
      }
    }
    return new Allocation(headGroups, channels);
  }

  private static void checkHolds(PrunableModel model, Locks locks) {
    locks
        .holds()
        .forEach(
            (subLayer, hold) -> {
              if (subLayer.block() < 0 || subLayer.block() >= model.blocks().size()) {
                throw new EspalierException(
                    "Block "
                        + subLayer.block()
                        + " is locked or hand-set, but the model has blocks 0 to "
                        + (model.blocks().size() - 1)
                        + "; remove that lock.");
              }
              int units = model.units(subLayer);
              if (hold.keptUnits() < 0 || hold.keptUnits() > units) {
                throw new EspalierException(
                    "The lock on "
                        + model.label(subLayer)
                        + " keeps "
                        + hold.keptUnits()
                        + " units, but it has "
                        + units
                        + "; set it to 0 to "
                        + units
                        + ".");
              }
            });
  }

  private static InfeasibleTargetException tooMuch(
      Target target,
      double nearest,
      double heldKept,
      double freeMinimum,
      double outside,
      String heldBecause,
      String limitBecause) {
    List<String> reasons = new ArrayList<>();
    if (heldKept > 0) {
      reasons.add(heldBecause + " alone keep " + percent(heldKept));
    }
    if (outside > 0) {
      reasons.add(
          "parameters outside head groups and channels, which stay, hold " + percent(outside));
    }
    if (freeMinimum > 0) {
      reasons.add(limitBecause + " " + percent(freeMinimum));
    }
    double highest = Math.floor(nearest * 1e4) / 1e4;
    return new InfeasibleTargetException(
        sentence(reasons, " of " + target.of().reference())
            + "; removing "
            + percent(target.ratio())
            + " needs to keep no more than "
            + percent(1 - target.ratio())
            + ". The nearest feasible target is "
            + percent(highest)
            + ".",
        new Target(Math.min(1, Math.max(0, nearest)), target.of()));
  }

  private static InfeasibleTargetException tooLittle(
      Target target, double nearest, String heldBecause) {
    double lowest = Math.min(1, Math.ceil(nearest * 1e4) / 1e4);
    return new InfeasibleTargetException(
        capitalised(heldBecause)
            + " alone remove "
            + percent(nearest)
            + " of "
            + target.of().reference()
            + ", more than the target of "
            + percent(target.ratio())
            + ". The nearest feasible target is "
            + percent(lowest)
            + ".",
        new Target(Math.min(1, nearest), target.of()));
  }

  /** The reasons as one sentence; the first one names what the percentages are of. */
  private static String sentence(List<String> reasons, String of) {
    StringBuilder text = new StringBuilder(capitalised(reasons.get(0))).append(of);
    for (int i = 1; i < reasons.size(); i++) {
      text.append(i == reasons.size() - 1 ? " and " : ", ").append(reasons.get(i));
    }
    return text.toString();
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Up to two decimals, without trailing zeros: "83 %", "17.25 %". */
  static String percent(double share) {
    String text = String.format(Locale.ROOT, "%.2f", share * 100);
    return text.replaceFirst("\\.?0+$", "") + " %";
  }
}
