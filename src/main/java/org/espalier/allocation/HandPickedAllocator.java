package org.espalier.allocation;

import java.util.Map;
import java.util.Optional;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Any allocator, around units that were picked by hand: a sub-layer keeps at least those that stay
 * and at most what those that go leave. Where the allocator would do otherwise, the sub-layer is
 * held at that bound and the rest solved again, until all bounds hold; every round holds at least
 * one more sub-layer.
 */
public final class HandPickedAllocator implements Allocator {
  private final PrunableModel model;
  private final Allocator allocator;

  public HandPickedAllocator(PrunableModel model, Allocator allocator) {
    this.model = model;
    this.allocator = allocator;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    check(locks);
    Locks held = locks;
    while (true) {
      Allocation allocation = allocator.allocate(target, held);
      Locks tighter = held;
      for (Map.Entry<SubLayer, HandPicked> entry : locks.picked().entrySet()) {
        SubLayer subLayer = entry.getKey();
        int kept = allocation.kept(subLayer);
        int bounded =
            Math.max(
                entry.getValue().least(),
                Math.min(entry.getValue().most(model.units(subLayer)), kept));
        if (bounded != kept) {
          tighter = tighter.with(subLayer, Hold.locked(bounded));
        }
      }
      if (tighter.equals(held)) {
        return allocation;
      }
      held = tighter;
    }
  }

  @Override
  public boolean takesWhole(SubLayerKind kind) {
    return allocator.takesWhole(kind);
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return allocator.bounds(subLayer);
  }

  @Override
  public Optional<String> remark(Target target, Allocation answer) {
    return allocator.remark(target, answer);
  }

  private void check(Locks locks) {
    locks
        .picked()
        .forEach(
            (subLayer, picked) -> {
              if (subLayer.block() < 0
                  || subLayer.block() >= model.blocks().size()
                  || !picked.fits(model.units(subLayer))) {
                throw new EspalierException(
                    "Units picked by hand in "
                        + subLayer.label()
                        + " are not units of this model; leave them to their scores.");
              }
              int most = picked.most(model.units(subLayer));
              locks
                  .of(subLayer)
                  .filter(hold -> hold.keptUnits() < picked.least() || hold.keptUnits() > most)
                  .ifPresent(
                      hold -> {
                        throw new EspalierException(
                            "The hold on "
                                + model.label(subLayer)
                                + " keeps "
                                + hold.keptUnits()
                                + " units, but what was picked by hand allows "
                                + picked.least()
                                + " to "
                                + most
                                + "; release one of them.");
                      });
            });
  }
}
