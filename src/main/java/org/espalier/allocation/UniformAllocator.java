package org.espalier.allocation;

import java.util.List;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;

/**
 * The same share of units goes from every sub-layer: the structure UL-UM of FLAP, and the
 * allocation of Wanda-sp, magnitude and random pruning.
 */
public final class UniformAllocator implements Allocator {
  private final PrunableModel model;
  private final RemovalOrder scores;
  private final RemovalOrder uniform;
  private final Rounding rounding;
  private final SubLayerRemoval removal;

  /**
   * @param importance decides nothing but ties: the published code keeps all units that score like
   *     the lowest kept one
   */
  public UniformAllocator(
      PrunableModel model, ImportanceMap importance, Rounding rounding, SubLayerRemoval removal) {
    this.model = model;
    this.scores = RemovalOrder.byScore(model, importance);
    this.uniform = RemovalOrder.uniform(model);
    this.rounding = rounding;
    this.removal = removal;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    Demand demand = Demand.of(model, target, locks, removal, Demand.LOCKS);
    int[] removed =
        rounding == Rounding.OFFICIAL && locks.isEmpty()
            ? official(target, demand)
            : uniform.remove(demand.weights(), demand.removable(), demand.wanted());
    return demand.allocation(model, removed);
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return removal.bounds(model.units(subLayer));
  }

  /** The published rounding: int(p * units) of every sub-layer, ties with the next one kept. */
  private int[] official(Target target, Demand demand) {
    double ratio = target.prunableRatio(model);
    List<SubLayer> subLayers = model.subLayers();
    int[] removed = new int[subLayers.size()];
    for (int s = 0; s < removed.length; s++) {
      int wanted = (int) (ratio * model.units(subLayers.get(s)));
      removed[s] = scores.removeKeepingTies(s, wanted, demand.removable()[s]);
    }
    return removed;
  }
}
