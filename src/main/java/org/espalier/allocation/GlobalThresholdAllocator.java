package org.espalier.allocation;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * All units of all sub-layers compete: the lowest scores go until the target is met. This is the
 * structure AL-AM of FLAP (An et al., AAAI 2024).
 *
 * <p>Scores must be comparable across sub-layers (the scorer standardises them).
 */
public final class GlobalThresholdAllocator implements Allocator {
  private final PrunableModel model;
  private final RemovalOrder order;
  private final Rounding rounding;
  private final SubLayerRemoval removal;

  public GlobalThresholdAllocator(
      PrunableModel model, ImportanceMap importance, Rounding rounding, SubLayerRemoval removal) {
    this.model = model;
    this.order = RemovalOrder.byScore(model, importance);
    this.rounding = rounding;
    this.removal = removal;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    Demand demand = Demand.of(model, target, locks, removal, Demand.LOCKS);
    int[] removed =
        rounding == Rounding.OFFICIAL && locks.isEmpty()
            ? official(target, demand)
            : order.remove(demand.weights(), demand.removable(), demand.wanted());
    return demand.allocation(model, removed);
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return removal.bounds(model.units(subLayer));
  }

  /**
   * The published rounding: over the units from the highest to the lowest score, the threshold is
   * the score at which the cumulative weight comes nearest to the share to keep; a channel weighs
   * 1, a head group as many whole channels as its parameters amount to. Only higher scores stay, so
   * the unit at the threshold goes, too. Computed in float32 like the original.
   */
  private int[] official(Target target, Demand demand) {
    List<SubLayer> subLayers = model.subLayers();
    long[] weights = new long[subLayers.size()];
    int[] units = new int[subLayers.size()];
    long total = 0;
    for (int s = 0; s < weights.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      units[s] = model.units(subLayer);
      weights[s] = officialWeight(target.of(), subLayer);
      total += units[s] * weights[s];
    }
    float wanted = (float) total * (float) (1 - target.prunableRatio(model));
    double threshold = officialThreshold(weights, units, total, wanted);
    int[] removed = new int[weights.length];
    for (int s = 0; s < removed.length; s++) {
      removed[s] = Math.min(demand.removable()[s], order.countAtMost(s, threshold));
    }
    return removed;
  }

  private long officialWeight(RatioDefinition definition, SubLayer subLayer) {
    if (subLayer.kind() == SubLayerKind.FEED_FORWARD || definition == RatioDefinition.UNIT) {
      return 1;
    }
    long channel = model.blocks().get(subLayer.block()).parametersPerChannel();
    return channel == 0 ? 1 : model.parametersPerUnit(subLayer) / channel;
  }

  private double officialThreshold(long[] weights, int[] units, long total, float wanted) {
    OptionalDouble crossing = order.crossing(weights, units, total - (double) wanted);
    double score = crossing.orElseGet(this::highest);
    long above = 0;
    for (int s = 0; s < weights.length; s++) {
      above += (units[s] - order.countAtMost(s, score)) * weights[s];
    }
    OptionalDouble higher = order.next(score);
    if (higher.isEmpty()) {
      return score;
    }
    // Walk through the units of this score, attention first as in the original.
    float nearest = Float.POSITIVE_INFINITY;
    long cumulative = above;
    for (int kind = 0; kind < 2; kind++) {
      for (int s = kind; s < weights.length; s += 2) {
        int ties = order.countAtMost(s, score) - order.countBelow(s, score);
        for (int i = 0; i < ties; i++) {
          cumulative += weights[s];
          nearest = Math.min(nearest, Math.abs((float) cumulative - wanted));
        }
      }
    }
    return Math.abs((float) above - wanted) <= nearest ? higher.getAsDouble() : score;
  }

  private double highest() {
    return IntStream.range(0, order.subLayers())
        .filter(s -> order.units(s) > 0)
        .mapToDouble(s -> order.priority(s, order.units(s) - 1))
        .max()
        .orElse(0);
  }
}
