package org.espalier.allocation;

import java.util.List;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How many units each sub-layer keeps.
 *
 * @param keptHeadGroups per block
 * @param keptChannels per block
 */
public record Allocation(List<Integer> keptHeadGroups, List<Integer> keptChannels) {
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
    return (double) removed / definition.reference(model);
  }
}
