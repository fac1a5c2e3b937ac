package org.espalier.ui.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.Bounds;
import org.espalier.allocation.Hold;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Removes the lowest scores of all free sub-layers until the target is reached. */
final class FakeAllocator implements Allocator {
  private record Unit(SubLayer subLayer, double score) {}

  private final PrunableModel model;
  private final List<Unit> rising;

  FakeAllocator(PrunableModel model, ImportanceMap importance) {
    this.model = model;
    List<Unit> units = new ArrayList<>();
    for (SubLayer subLayer : subLayers(model)) {
      for (double score : importance.scores(subLayer)) {
        units.add(new Unit(subLayer, score));
      }
    }
    units.sort(Comparator.comparingDouble(Unit::score));
    rising = units;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    Map<SubLayer, Integer> kept = new HashMap<>();
    for (SubLayer subLayer : subLayers(model)) {
      kept.put(subLayer, locks.of(subLayer).map(Hold::keptUnits).orElse(model.units(subLayer)));
    }
    double whole = whole(target.of());
    double removed = 0;
    for (SubLayer subLayer : subLayers(model)) {
      removed += (model.units(subLayer) - kept.get(subLayer)) * cost(subLayer, target.of());
    }
    double wanted = target.ratio() * whole;
    if (removed > wanted + whole * 1e-9 && !locks.isEmpty()) {
      throw new InfeasibleTargetException(
          String.format(
              "The held sub-layers alone remove %.1f %%, more than the target of %.1f %%.",
              100 * removed / whole, 100 * target.ratio()),
          new Target(removed / whole, target.of()));
    }
    for (Unit unit : rising) {
      double after = removed + cost(unit.subLayer(), target.of());
      if (kept.get(unit.subLayer()) > bounds(unit.subLayer()).leastKept()
          && locks.of(unit.subLayer()).isEmpty()
          && after <= wanted + 1e-9) {
        kept.merge(unit.subLayer(), -1, Integer::sum);
        removed = after;
      }
    }
    double largest =
        IntStream.range(0, model.blocks().size())
            .mapToDouble(
                b ->
                    Math.max(
                        cost(SubLayer.attention(b), target.of()),
                        cost(SubLayer.feedForward(b), target.of())))
            .max()
            .orElse(0);
    if (removed + largest < wanted) {
      throw new InfeasibleTargetException(
          String.format(
              "The locks leave at most %.1f %% to remove; the target needs %.1f %%.",
              100 * removed / whole, 100 * target.ratio()),
          new Target(Math.floor(1000 * removed / whole) / 1000, target.of()));
    }
    return new Allocation(
        IntStream.range(0, model.blocks().size())
            .mapToObj(b -> kept.get(SubLayer.attention(b)))
            .toList(),
        IntStream.range(0, model.blocks().size())
            .mapToObj(b -> kept.get(SubLayer.feedForward(b)))
            .toList());
  }

  /** Its first block is protected, as methods do. */
  @Override
  public Bounds bounds(SubLayer subLayer) {
    return subLayer.block() == 0
        ? new Bounds((model.units(subLayer) + 1) / 2, "the method protects the first block")
        : Bounds.NONE;
  }

  private double whole(RatioDefinition of) {
    return switch (of) {
      case UNIT -> model.units();
      case PRUNABLE -> model.prunableParameters();
      case LAYER -> model.layerParameters();
      case TOTAL -> model.totalParameters();
    };
  }

  private double cost(SubLayer subLayer, RatioDefinition of) {
    return of == RatioDefinition.UNIT ? 1 : model.parametersPerUnit(subLayer);
  }

  private static List<SubLayer> subLayers(PrunableModel model) {
    List<SubLayer> all = new ArrayList<>();
    for (int block = 0; block < model.blocks().size(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        all.add(new SubLayer(block, kind));
      }
    }
    return all;
  }
}
