package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Only the blocks of a range are pruned: all their sub-layers by one share, or their units in
 * competition with each other (LLM-Pruner, Ma et al., NeurIPS 2023, which leaves the first and the
 * last blocks whole).
 */
public final class BlockRangeAllocator implements Allocator {
  private final PrunableModel model;
  private final BlockRange range;
  private final RemovalOrder order;
  private final Competition competition;
  private final Rounding rounding;

  /**
   * Prepares once for many targets.
   *
   * @param competition whether units compete across sub-layers by their scores
   */
  public BlockRangeAllocator(
      PrunableModel model,
      ImportanceMap importance,
      BlockRange range,
      Competition competition,
      Rounding rounding) {
    this.model = model;
    this.range = range;
    this.competition = competition;
    this.rounding = rounding;
    order =
        competition == Competition.UNIFORM
            ? RemovalOrder.uniform(model)
            : RemovalOrder.byScore(model, importance);
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    List<SubLayer> subLayers = model.subLayers();
    int[] most = new int[subLayers.size()];
    for (int s = 0; s < most.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      if (range.contains(subLayer.block())) {
        most[s] = SubLayerRemoval.FORBIDDEN.removable(model.units(subLayer));
      }
    }
    if (rounding == Rounding.OFFICIAL && locks.isEmpty()) {
      // The published code prunes the range by the ratio itself, whatever that is of the model.
      double ratio = target.prunableRatio(model);
      return allocation(
          competition == Competition.UNIFORM
              ? officialShares(ratio, most)
              : officialThreshold(ratio, most));
    }
    Demand demand =
        Demand.of(
            model,
            target,
            locks,
            most,
            Demand.LOCKS,
            "what stays of the sub-layers outside and inside of " + range.label() + " holds");
    return demand.allocation(
        model, order.remove(demand.weights(), demand.removable(), demand.wanted()));
  }

  private Allocation allocation(int[] removed) {
    List<SubLayer> subLayers = model.subLayers();
    List<Integer> headGroups = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    for (int s = 0; s < removed.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      (subLayer.kind() == SubLayerKind.ATTENTION ? headGroups : channels)
          .add(model.units(subLayer) - removed[s]);
    }
    return new Allocation(headGroups, channels);
  }

  /**
   * Of every sub-layer int(n(1-p)) of n rows stay; a head goes for every e whole rows that do not.
   */
  private int[] officialShares(double ratio, int[] most) {
    List<SubLayer> subLayers = model.subLayers();
    int[] removed = new int[most.length];
    for (int s = 0; s < removed.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      int rows = subLayer.kind() == SubLayerKind.ATTENTION ? model.headSize() : 1;
      int size = model.units(subLayer) * rows;
      int going = size - (int) (size * (1 - ratio));
      removed[s] = Math.min(most[s], going / rows);
    }
    return removed;
  }

  /** The lowest n - int(n(1-p)) of all n units of the range go, and all that score alike. */
  private int[] officialThreshold(double ratio, int[] most) {
    List<SubLayer> subLayers = model.subLayers();
    double[] scores = new double[0];
    for (int s = 0; s < most.length; s++) {
      if (range.contains(subLayers.get(s).block())) {
        int units = order.units(s);
        double[] longer = Arrays.copyOf(scores, scores.length + units);
        for (int i = 0; i < units; i++) {
          longer[scores.length + i] = order.priority(s, i);
        }
        scores = longer;
      }
    }
    Arrays.sort(scores);
    int going = scores.length - (int) (scores.length * (1 - ratio));
    int[] removed = new int[most.length];
    if (going > 0) {
      for (int s = 0; s < removed.length; s++) {
        removed[s] = Math.min(most[s], order.countAtMost(s, scores[going - 1]));
      }
    }
    return removed;
  }
}
