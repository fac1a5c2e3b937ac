package org.espalier.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.Family;
import org.espalier.transformer.WeightSlot;

/**
 * What decides where a model can go: its configuration, and widths and tensors of every block.
 *
 * @param config of the checkpoint that the model was made from
 */
public record ModelOutline(DecoderConfig config, List<Block> blocks) {
  /**
   * One block.
   *
   * @param slots the tensors that it has and uses: of a removed sub-layer at most its output bias
   *     and the norm that follows it
   */
  public record Block(BlockShape shape, Set<WeightSlot> slots) {
    public Block {
      Set<WeightSlot> used = EnumSet.noneOf(WeightSlot.class);
      for (WeightSlot slot : slots) {
        boolean biased = slots.contains(WeightSlot.outputBias(slot.kind()));
        if (shape.units(slot.kind()) > 0 || slot.isOutputBias() || (slot.isPostNorm() && biased)) {
          used.add(slot);
        }
      }
      slots = Collections.unmodifiableSet(used);
    }

    /** Neither sub-layer nor anything in their place: the block passes its input on. */
    public boolean isEmpty() {
      return shape.headGroups() == 0 && shape.channels() == 0 && slots.isEmpty();
    }

    boolean has(WeightSlot slot) {
      return slots.contains(slot);
    }
  }

  public ModelOutline {
    blocks = List.copyOf(blocks);
  }

  /** What a checkpoint holds, by its headers alone. */
  public static ModelOutline of(DecoderLayout layout) {
    List<Block> blocks = new ArrayList<>();
    for (int block = 0; block < layout.blocks().size(); block++) {
      blocks.add(new Block(layout.config().shape(block), layout.blocks().get(block).keySet()));
    }
    return new ModelOutline(layout.config(), blocks);
  }

  /**
   * What a model would be with all its widths after pruning.
   *
   * @param compensated whether that adds biases to the outputs of sub-layers
   */
  static ModelOutline planned(DecoderConfig config, boolean compensated) {
    return planned(config, compensated, config.shapes());
  }

  /** What a model would be with other widths. */
  static ModelOutline planned(DecoderConfig config, boolean compensated, List<BlockShape> shapes) {
    Set<WeightSlot> slots = EnumSet.noneOf(WeightSlot.class);
    for (WeightSlot slot : WeightSlot.values()) {
      if (!slot.isBias() && config.family().form().has(slot)) {
        slots.add(slot);
      }
    }
    if (compensated) {
      slots.add(WeightSlot.OUTPUT_BIAS);
      slots.add(WeightSlot.DOWN_BIAS);
    }
    if (config.family().attentionBias() == Family.AttentionBias.QUERY_KEY_VALUE) {
      slots.addAll(EnumSet.of(WeightSlot.QUERY_BIAS, WeightSlot.KEY_BIAS, WeightSlot.VALUE_BIAS));
    }
    return new ModelOutline(config, shapes.stream().map(shape -> new Block(shape, slots)).toList());
  }

  /** Looks at every block once. */
  public static ModelOutline of(Decoder decoder, Progress progress) {
    BlockSource source = decoder.blocks();
    List<Block> blocks = new ArrayList<>();
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      for (int block = 0; block < source.blocks(); block++) {
        progress.report("Looking at block " + block, block, source.blocks());
        try (BlockWeights weights = source.load(block)) {
          blocks.add(new Block(source.shape(block), weights.tensors().keySet()));
        }
      }
    }
    return new ModelOutline(decoder.config(), blocks);
  }

  /** Whether any block has a tensor. */
  boolean anyHas(WeightSlot slot) {
    return blocks.stream().anyMatch(block -> block.has(slot));
  }

  /** The different shapes of the blocks that are not empty. */
  List<BlockShape> shapes() {
    return blocks.stream().filter(block -> !block.isEmpty()).map(Block::shape).distinct().toList();
  }

  /** The different window lengths of the blocks that have attention; 0 means none. */
  Set<Integer> windows() {
    Set<Integer> windows = new TreeSet<>();
    for (int block = 0; block < blocks.size(); block++) {
      if (blocks.get(block).shape().headGroups() > 0) {
        windows.add(config.slidingWindows().get(block));
      }
    }
    return windows;
  }
}
