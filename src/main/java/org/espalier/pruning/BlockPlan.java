package org.espalier.pruning;

import org.espalier.transformer.BlockShape;

/**
 * Which units one block keeps.
 *
 * @param dense widths before pruning
 * @param headGroups kept KV head groups
 * @param channels kept feed-forward channels
 */
public record BlockPlan(BlockShape dense, UnitSet headGroups, UnitSet channels) {
  /** Nothing removed. */
  public static BlockPlan keepAll(BlockShape dense) {
    return new BlockPlan(dense, UnitSet.all(dense.headGroups()), UnitSet.all(dense.channels()));
  }

  /** Widths after pruning. */
  public BlockShape pruned() {
    return new BlockShape(
        headGroups.size() * dense.queryHeadsPerGroup(), headGroups.size(), channels.size());
  }

  public boolean keepsAllHeadGroups() {
    return headGroups.size() == dense.headGroups();
  }

  public boolean keepsAllChannels() {
    return channels.size() == dense.channels();
  }
}
