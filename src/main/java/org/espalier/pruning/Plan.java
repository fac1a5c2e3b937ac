package org.espalier.pruning;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Target;
import org.espalier.transformer.BlockShape;

/**
 * Exactly which units of a checkpoint are kept, and how it came about. Applied as a mask by {@link
 * MaskedBlocks} or as a cut by {@link CutBlocks}, with the same logits.
 *
 * @param checkpointName for people
 * @param checkpointHash content hash of the dense checkpoint that the indices belong to
 * @param method name of the method
 * @param parameters of the method, defaults included
 * @param protocol calibration in words; empty for methods without
 * @param blocks one per block of the dense checkpoint, in its order
 * @param compensation added to output biases
 */
public record Plan(
    String checkpointName,
    String checkpointHash,
    String method,
    Map<String, String> parameters,
    Target target,
    String protocol,
    List<BlockPlan> blocks,
    Compensation compensation) {
  public Plan {
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    blocks = List.copyOf(blocks);
  }

  /** Widths after pruning, one per block of the dense checkpoint. */
  public List<BlockShape> prunedShapes() {
    return blocks.stream().map(BlockPlan::pruned).toList();
  }

  /** How many units each sub-layer keeps. */
  public Allocation allocation() {
    return new Allocation(
        blocks.stream().map(block -> block.headGroups().size()).toList(),
        blocks.stream().map(block -> block.channels().size()).toList());
  }
}
