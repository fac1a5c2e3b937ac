package org.espalier.recovery;

import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.ForwardingBlocks;

/** Blocks with adapters beside their projections, for training. */
final class AdaptedBlocks extends ForwardingBlocks {
  private final LowRankAdapters adapters;

  /**
   * @param source stays open and is not closed by this one
   */
  AdaptedBlocks(BlockSource source, LowRankAdapters adapters) {
    super(source);
    this.adapters = adapters;
  }

  @Override
  public BlockWeights load(int block) {
    return source().load(block).adapted(adapters.of(block));
  }
}
