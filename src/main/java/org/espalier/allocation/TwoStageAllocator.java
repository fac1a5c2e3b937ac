package org.espalier.allocation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Some attention sub-layers go whole, and all feed-forward sub-layers lose the same share for the
 * rest of the target: {@code N = round(L · p^((P_ffn / P_attn) / alpha))} attention sub-layers at a
 * share p of the block parameters (2SSP, equation 5). Which ones is a matter of their scores.
 */
public final class TwoStageAllocator implements Allocator {
  private final PrunableModel model;
  private final List<SubLayer> attention;
  private final RemovalOrder uniform;
  private final double alpha;
  private final Rounding rounding;

  /**
   * @param scores of the attention sub-layers: the lowest go first
   * @param alpha above 0; the larger, the more attention goes
   */
  public TwoStageAllocator(
      PrunableModel model, SubLayerScores scores, double alpha, Rounding rounding) {
    this.model = model;
    this.alpha = alpha;
    this.rounding = rounding;
    uniform = RemovalOrder.uniform(model);
    attention =
        model.subLayers().stream()
            .filter(subLayer -> subLayer.kind() == SubLayerKind.ATTENTION)
            .filter(subLayer -> model.units(subLayer) > 0)
            .sorted(
                Comparator.comparingDouble(subLayer -> scores.of(subLayer).orElseThrow().score()))
            .toList();
  }

  @Override
  public boolean takesWhole(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    List<SubLayer> free =
        attention.stream()
            .filter(subLayer -> locks.of(subLayer).isEmpty())
            .filter(subLayer -> locks.pickedOf(subLayer).isEmpty())
            .toList();
    long gone =
        attention.stream()
            .filter(subLayer -> locks.of(subLayer).map(Hold::keptUnits).orElse(1) == 0)
            .count();
    int count = (int) Math.max(0, Math.min(free.size(), attentionToRemove(target) - gone));
    while (count > 0 && exceeds(free.subList(0, count), locks, target)) {
      count--;
    }
    for (; ; count++) {
      try {
        return allocate(target, locks, free, count);
      } catch (InfeasibleTargetException e) {
        // Where feed-forward cannot give the rest, more attention goes.
        if (count == free.size()) {
          throw e;
        }
      }
    }
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return subLayer.kind() == SubLayerKind.FEED_FORWARD
        ? SubLayerRemoval.FORBIDDEN.bounds(model.units(subLayer))
        : Bounds.NONE;
  }

  private Allocation allocate(Target target, Locks locks, List<SubLayer> free, int count) {
    Map<SubLayer, Hold> settled = new HashMap<>(locks.holds());
    attention.forEach(
        subLayer -> settled.putIfAbsent(subLayer, Hold.locked(model.units(subLayer))));
    for (int i = 0; i < free.size(); i++) {
      settled.put(free.get(i), Hold.locked(i < count ? 0 : model.units(free.get(i))));
    }
    String because = "attention sub-layers, of which " + count + " go,";
    Demand demand =
        Demand.of(
            model,
            target,
            new Locks(settled),
            SubLayerRemoval.FORBIDDEN,
            locks.isEmpty() ? because : Demand.LOCKS + " and " + because);
    int[] removed =
        rounding == Rounding.OFFICIAL && locks.isEmpty()
            ? official(target, count, demand)
            : uniform.remove(demand.weights(), demand.removable(), demand.wanted());
    return demand.allocation(model, removed);
  }

  /** N of the paper. */
  private long attentionToRemove(Target target) {
    double perAttention = mean(SubLayerKind.ATTENTION);
    double perFeedForward = mean(SubLayerKind.FEED_FORWARD);
    if (perAttention == 0 || perFeedForward == 0) {
      return 0;
    }
    double exponent = perFeedForward / perAttention / alpha;
    return (long) Math.rint(attention.size() * Math.pow(layerRatio(target), exponent));
  }

  /** Whether these attention sub-layers and what is held are more than the target. */
  private boolean exceeds(List<SubLayer> chosen, Locks locks, Target target) {
    double removed =
        chosen.stream().mapToDouble(subLayer -> parameters(subLayer, model.units(subLayer))).sum();
    for (Map.Entry<SubLayer, Hold> held : locks.holds().entrySet()) {
      int units = model.units(held.getKey());
      removed += parameters(held.getKey(), units - held.getValue().keptUnits());
    }
    return removed > layerRatio(target) * model.layerParameters();
  }

  private double parameters(SubLayer subLayer, int units) {
    return (double) units * model.parametersPerUnit(subLayer);
  }

  private double layerRatio(Target target) {
    return target.of() == RatioDefinition.LAYER || target.of() == RatioDefinition.UNIT
        ? target.ratio()
        : Math.min(1, target.ratio() * target.of().reference(model) / model.layerParameters());
  }

  /** Mean parameters of the sub-layers of a kind that have units. */
  private double mean(SubLayerKind kind) {
    return sizes(kind).average().orElse(0);
  }

  private DoubleStream sizes(SubLayerKind kind) {
    return model.subLayers().stream()
        .filter(subLayer -> subLayer.kind() == kind && model.units(subLayer) > 0)
        .mapToDouble(subLayer -> parameters(subLayer, model.units(subLayer)));
  }

  /** The published rounding: whole parameters, then one width for all feed-forward sub-layers. */
  private int[] official(Target target, int count, Demand demand) {
    double wanted = Math.rint(layerRatio(target) * model.layerParameters());
    double perBlock =
        Math.rint((wanted - count * mean(SubLayerKind.ATTENTION)) / model.blocks().size());
    double kept = 1 - perBlock / mean(SubLayerKind.FEED_FORWARD);
    int[] removed = new int[demand.removable().length];
    for (int s = 0; s < removed.length; s++) {
      SubLayer subLayer = model.subLayers().get(s);
      if (subLayer.kind() == SubLayerKind.FEED_FORWARD) {
        int units = model.units(subLayer);
        removed[s] =
            Math.max(0, Math.min(demand.removable()[s], units - (int) Math.rint(units * kept)));
      }
    }
    return removed;
  }
}
