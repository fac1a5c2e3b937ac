package org.espalier.ui.allocation;

import java.util.Collection;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.WidthConstraint;
import org.espalier.transformer.SubLayer;

/**
 * What edits of rows make of the locks: numbers are brought to the nearest that hand-picked units
 * and the place where the result will run allow, and locked sub-layers stay as they are.
 *
 * @param kept what the rows show
 */
record LockEdits(PrunableModel model, WidthConstraint constraint, Allocation kept, Locks locks) {
  static boolean isLocked(Locks locks, SubLayer subLayer) {
    return locks.of(subLayer).filter(hold -> !hold.editable()).isPresent();
  }

  /** Locks all at what they keep, or frees all when all are locked. */
  static Locks toggled(Locks locks, Collection<SubLayer> subLayers, Allocation kept) {
    boolean locked = areLocked(locks, subLayers);
    Locks after = locks;
    for (SubLayer subLayer : subLayers) {
      after =
          locked ? after.without(subLayer) : after.with(subLayer, Hold.locked(kept.kept(subLayer)));
    }
    return after;
  }

  static boolean areLocked(Locks locks, Collection<SubLayer> subLayers) {
    return subLayers.stream().allMatch(subLayer -> isLocked(locks, subLayer));
  }

  /** All take part in the re-solve again. */
  static Locks released(Locks locks, Collection<SubLayer> subLayers) {
    Locks after = locks;
    for (SubLayer subLayer : subLayers) {
      after = after.without(subLayer);
    }
    return after;
  }

  /** As {@link #released}, and units are left to their scores. */
  static Locks reset(Locks locks, Collection<SubLayer> subLayers) {
    Locks after = released(locks, subLayers);
    for (SubLayer subLayer : subLayers) {
      after = after.withPicked(subLayer, HandPicked.NONE);
    }
    return after;
  }

  Locks keeping(SubLayer subLayer, int units) {
    return locks.with(subLayer, Hold.handSet(bounded(subLayer, units)));
  }

  /** All but locked ones keep one share. */
  Locks sharing(Collection<SubLayer> subLayers, double share) {
    Locks after = locks;
    for (SubLayer subLayer : subLayers) {
      if (!isLocked(locks, subLayer)) {
        int wanted = (int) Math.round(share * model.units(subLayer));
        after = after.with(subLayer, Hold.handSet(bounded(subLayer, wanted)));
      }
    }
    return after;
  }

  /** All but locked ones keep more by a share of their units, or less. */
  Locks changing(Collection<SubLayer> subLayers, double share) {
    Locks after = locks;
    for (SubLayer subLayer : subLayers) {
      if (!isLocked(locks, subLayer)) {
        int step = (int) Math.max(1, Math.round(Math.abs(share) * model.units(subLayer)));
        after = after.with(subLayer, Hold.handSet(stepped(subLayer, share < 0 ? -step : step)));
      }
    }
    return after;
  }

  /**
   * The share at which these together keep as many parameters as now; empty where all are locked.
   */
  Optional<Double> evenShare(Collection<SubLayer> subLayers) {
    double parameters = 0;
    double stay = 0;
    for (SubLayer subLayer : subLayers) {
      if (!isLocked(locks, subLayer)) {
        parameters += (double) model.units(subLayer) * model.parametersPerUnit(subLayer);
        stay += (double) kept.kept(subLayer) * model.parametersPerUnit(subLayer);
      }
    }
    return parameters > 0 ? Optional.of(stay / parameters) : Optional.empty();
  }

  /** With other units picked by hand; a held sub-layer keeps at least those. */
  Locks picking(SubLayer subLayer, HandPicked picked) {
    Locks after = locks.withPicked(subLayer, picked);
    Optional<Hold> hold = after.of(subLayer);
    if (hold.isEmpty()) {
      return after;
    }
    int most = picked.most(model.units(subLayer));
    int units = Math.max(picked.least(), Math.min(most, hold.get().keptUnits()));
    return after.with(subLayer, Hold.handSet(units));
  }

  /** The nearest number that is allowed. */
  int bounded(SubLayer subLayer, int units) {
    HandPicked picked = locks.pickedOf(subLayer);
    int most = picked.most(model.units(subLayer));
    return constraint
        .nearest(model, subLayer, units, picked.least(), most)
        .orElseGet(() -> Math.max(picked.least(), Math.min(most, units)));
  }

  /** As {@link #bounded}, but away from what it keeps. */
  int stepped(SubLayer subLayer, int step) {
    int now = kept.kept(subLayer);
    HandPicked picked = locks.pickedOf(subLayer);
    int most = picked.most(model.units(subLayer));
    return constraint
        .nearest(
            model,
            subLayer,
            now + step,
            step > 0 ? now + 1 : picked.least(),
            step > 0 ? most : Math.min(most, now - 1))
        .orElse(now);
  }
}
