package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Removes whole blocks until the removed share is as near to the target as whole blocks allow. A
 * block with a sub-layer that is held and keeps units, or with a unit kept by hand, does not go; at
 * least one block stays.
 */
public final class DepthAllocator implements Allocator {
  private static final String STAYING =
      "blocks that stay, because something in them is locked, hand-set or kept by hand, hold";

  private final PrunableModel model;
  private final SubLayerScores scores;
  private final BlockOrder order;

  /**
   * @param scores of all sub-layers that have units, the same for both of a block
   */
  public DepthAllocator(PrunableModel model, SubLayerScores scores, BlockOrder order) {
    this.model = model;
    this.scores = scores;
    this.order = order;
  }

  @Override
  public boolean takesWhole(SubLayerKind kind) {
    return true;
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    List<SubLayer> subLayers = model.subLayers();
    int[] most = new int[subLayers.size()];
    for (int s = 0; s < most.length; s++) {
      if (mayGo(subLayers.get(s).block(), locks)) {
        most[s] = model.units(subLayers.get(s));
      }
    }
    Demand demand = Demand.of(model, target, locks, most, Demand.LOCKS, STAYING);
    Set<Integer> nearest =
        choices(locks).stream()
            .min(
                Comparator.comparingDouble(
                    blocks -> Math.abs(weight(blocks, demand) - demand.wanted())))
            .orElseThrow();
    int[] removed = new int[most.length];
    for (int s = 0; s < removed.length; s++) {
      if (nearest.contains(subLayers.get(s).block())) {
        removed[s] = demand.removable()[s];
      }
    }
    return demand.allocation(model, removed);
  }

  private List<Set<Integer>> choices(Locks locks) {
    List<Set<Integer>> choices =
        new ArrayList<>(order.choices(scores, model.blocks().size(), block -> mayGo(block, locks)));
    choices.removeIf(blocks -> blocks.size() == model.blocks().size());
    return choices;
  }

  private boolean mayGo(int block, Locks locks) {
    boolean hasUnits = false;
    for (SubLayerKind kind : SubLayerKind.values()) {
      SubLayer subLayer = new SubLayer(block, kind);
      Optional<Hold> hold = locks.of(subLayer);
      boolean keepsUnits = hold.map(held -> held.keptUnits() > 0).orElse(false);
      if (keepsUnits || !locks.pickedOf(subLayer).kept().isEmpty()) {
        return false;
      }
      hasUnits |= model.units(subLayer) > 0;
    }
    return hasUnits;
  }

  private double weight(Set<Integer> blocks, Demand demand) {
    double weight = 0;
    for (int s = 0; s < model.subLayers().size(); s++) {
      if (blocks.contains(model.subLayers().get(s).block())) {
        weight += (double) demand.removable()[s] * demand.weights()[s];
      }
    }
    return weight;
  }

  @Override
  public Optional<String> remark(Target target, Allocation answer) {
    Set<Integer> gone = new HashSet<>();
    for (int block = 0; block < answer.blocks(); block++) {
      if (answer.kept(SubLayer.attention(block)) + answer.kept(SubLayer.feedForward(block)) == 0) {
        gone.add(block);
      }
    }
    return Optional.of(
        "Whole blocks go, "
            + gone.size()
            + " of "
            + answer.blocks()
            + ": that removes "
            + Demand.percent(answer.removedShare(model, target.of()))
            + " of "
            + target.of().reference()
            + ", the nearest to "
            + Demand.percent(target.ratio())
            + " that whole blocks allow.");
  }
}
