package org.espalier.pruning;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Target;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.Decoder;

/**
 * Exactly which units of a checkpoint are kept, and how it came about. Applied as a mask ({@link
 * #masked}) or as a cut ({@link #applied}), with the same logits.
 *
 * @param checkpointName for people
 * @param checkpointHash content hash of the dense checkpoint that the indices belong to
 * @param method name of the method
 * @param parameters of the method, defaults included
 * @param protocol calibration in words; empty for methods without
 * @param blocks one per block of the dense checkpoint, in its order
 * @param compensation added to output biases
 * @param hidden channels of the residual stream; empty where all stay
 */
public record Plan(
    String checkpointName,
    String checkpointHash,
    String method,
    Map<String, String> parameters,
    Target target,
    String protocol,
    List<BlockPlan> blocks,
    Compensation compensation,
    Optional<HiddenPlan> hidden) {
  /** With all hidden channels. */
  public Plan(
      String checkpointName,
      String checkpointHash,
      String method,
      Map<String, String> parameters,
      Target target,
      String protocol,
      List<BlockPlan> blocks,
      Compensation compensation) {
    this(
        checkpointName,
        checkpointHash,
        method,
        parameters,
        target,
        protocol,
        blocks,
        compensation,
        Optional.empty());
  }

  public Plan {
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    blocks = List.copyOf(blocks);
  }

  /**
   * The model that this plan makes of a dense one, cut for real. The dense one must stay open;
   * close the result before it.
   */
  public Decoder applied(Decoder dense) {
    Decoder cut = dense.withBlocks(new CutBlocks(dense.blocks(), this, dense.config().headSize()));
    return hidden.map(plan -> cut.narrowed(plan.kept().toArray())).orElse(cut);
  }

  /** As {@link #applied}, as a mask: all shapes stay, and nothing is read from removed units. */
  public Decoder masked(Decoder dense) {
    Decoder masked =
        dense.withBlocks(new MaskedBlocks(dense.blocks(), this, dense.config().headSize()));
    return hidden.map(plan -> masked.masked(plan.kept().toArray())).orElse(masked);
  }

  /** Widths after pruning, one per block of the dense checkpoint. */
  public List<BlockShape> prunedShapes() {
    return blocks.stream().map(BlockPlan::pruned).toList();
  }

  /** How many units each sub-layer keeps, and how many hidden channels the model. */
  public Allocation allocation() {
    Allocation units =
        new Allocation(
            blocks.stream().map(block -> block.headGroups().size()).toList(),
            blocks.stream().map(block -> block.channels().size()).toList());
    return hidden.map(plan -> units.withHidden(plan.kept().size())).orElse(units);
  }
}
