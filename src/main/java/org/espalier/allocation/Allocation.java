package org.espalier.allocation;

import java.util.List;
import java.util.OptionalInt;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How many units each sub-layer keeps, and how many hidden channels the whole model.
 *
 * @param keptHeadGroups per block
 * @param keptChannels per block
 * @param keptHidden channels of the residual stream; empty where all stay
 */
public record Allocation(
    List<Integer> keptHeadGroups, List<Integer> keptChannels, OptionalInt keptHidden) {
  /** With all hidden channels. */
  public Allocation(List<Integer> keptHeadGroups, List<Integer> keptChannels) {
    this(keptHeadGroups, keptChannels, OptionalInt.empty());
  }

  public Allocation {
    keptHeadGroups = List.copyOf(keptHeadGroups);
    keptChannels = List.copyOf(keptChannels);
    if (keptHeadGroups.size() != keptChannels.size()) {
      throw new IllegalArgumentException("attention and feed-forward differ in blocks");
    }
  }

  /** Everything kept. */
  public static Allocation dense(PrunableModel model) {
    return new Allocation(
        model.blocks().stream().map(PrunableModel.Block::headGroups).toList(),
        model.blocks().stream().map(PrunableModel.Block::channels).toList());
  }

  /** The same units on fewer hidden channels. */
  public Allocation withHidden(int kept) {
    return new Allocation(keptHeadGroups, keptChannels, OptionalInt.of(kept));
  }

  /** The same share removed from every sub-layer, as near as whole units come to it. */
  public static Allocation even(PrunableModel model, double share) {
    return new Allocation(
        model.blocks().stream().map(block -> kept(block.headGroups(), share)).toList(),
        model.blocks().stream().map(block -> kept(block.channels(), share)).toList());
  }

  private static int kept(int units, double share) {
    return (int) Math.round(units * (1 - share));
  }

  public int blocks() {
    return keptHeadGroups.size();
  }

  public int kept(SubLayer subLayer) {
    return (subLayer.kind() == SubLayerKind.ATTENTION ? keptHeadGroups : keptChannels)
        .get(subLayer.block());
  }

  /** Share removed from {@code model}, by one definition. */
  public double removedShare(PrunableModel model, RatioDefinition definition) {
    long removedUnits = 0;
    long removedParameters = 0;
    for (int b = 0; b < blocks(); b++) {
      PrunableModel.Block block = model.blocks().get(b);
      int headGroups = block.headGroups() - keptHeadGroups.get(b);
      int channels = block.channels() - keptChannels.get(b);
      removedUnits += headGroups + channels;
      removedParameters +=
          headGroups * block.parametersPerHeadGroup() + channels * block.parametersPerChannel();
    }
    long removed = definition == RatioDefinition.UNIT ? removedUnits : removedParameters;
    double share = (double) removed / definition.reference(model);
    if (keptHidden.isEmpty()) {
      return share;
    }
    HiddenChannels hidden = model.hidden();
    double narrowed =
        (double) (hidden.count() - keptHidden.getAsInt())
            * hidden.weight(definition)
            / hidden.reference(definition, model);
    return definition == RatioDefinition.UNIT ? narrowed : share + narrowed * (1 - share);
  }
}
