package org.espalier.allocation;

import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * Removes channels of the residual stream, which narrows every sub-layer alike and takes no units
 * from any (channel-wise mode of LLM-Pruner, Ma et al., NeurIPS 2023).
 */
public final class HiddenChannelAllocator implements Allocator {
  private static final String EVERYWHERE =
      "hidden channels run through every sub-layer, so all blocks change alike";

  private final PrunableModel model;

  public HiddenChannelAllocator(PrunableModel model) {
    this.model = model;
  }

  /**
   * {@inheritDoc}
   *
   * @throws InfeasibleTargetException also if anything is locked, hand-set or picked by hand: no
   *     sub-layer can be gone around
   */
  @Override
  public Allocation allocate(Target target, Locks locks) {
    refuse(locks, target);
    HiddenChannels hidden = model.hidden();
    long weight = hidden.weight(target.of());
    long reference = hidden.reference(target.of(), model);
    long going = Math.round(target.ratio() * reference / weight);
    if (going >= hidden.count()) {
      throw new InfeasibleTargetException(
          "One of the "
              + hidden.count()
              + " hidden channels must stay; removing "
              + Demand.percent(target.ratio())
              + " of "
              + target.of().reference()
              + " would take all of them. The nearest feasible target is "
              + Demand.percent(nearest(hidden, weight, reference))
              + ".",
          new Target(nearest(hidden, weight, reference), target.of()));
    }
    Allocation dense = Allocation.dense(model);
    return going == 0 ? dense : dense.withHidden((int) (hidden.count() - going));
  }

  private static double nearest(HiddenChannels hidden, long weight, long reference) {
    return Math.floor(1e4 * (hidden.count() - 1) * weight / reference) / 1e4;
  }

  private static void refuse(Locks locks, Target target) {
    Optional<SubLayer> first =
        locks.holds().keySet().stream()
            .findFirst()
            .or(() -> locks.picked().keySet().stream().findFirst());
    if (first.isPresent()) {
      throw new InfeasibleTargetException(
          "The "
              + first.get().label()
              + " is locked, hand-set or has units picked by hand, but "
              + EVERYWHERE
              + " and no lock can be kept. Remove all locks, or choose structure=blocks.",
          new Target(0, target.of()));
    }
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return new Bounds(model.units(subLayer), EVERYWHERE);
  }

  @Override
  public Optional<String> remark(Target target, Allocation answer) {
    int count = model.hidden().count();
    return Optional.of(
        "The hidden size goes from "
            + count
            + " to "
            + answer.keptHidden().orElse(count)
            + "; every head group and every feed-forward channel stays.");
  }
}
