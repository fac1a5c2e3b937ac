package org.espalier.recovery;

import ai.djl.Device;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;

/** Blocks with adapters beside their projections, for training. */
final class AdaptedBlocks implements BlockSource {
  private final BlockSource source;
  private final LowRankAdapters adapters;

  /**
   * @param source stays open and is not closed by this one
   */
  AdaptedBlocks(BlockSource source, LowRankAdapters adapters) {
    this.source = source;
    this.adapters = adapters;
  }

  @Override
  public Device device() {
    return source.device();
  }

  @Override
  public int blocks() {
    return source.blocks();
  }

  @Override
  public BlockShape shape(int block) {
    return source.shape(block);
  }

  @Override
  public BlockWeights load(int block) {
    return source.load(block).adapted(adapters.of(block));
  }

  @Override
  public void close() {
    // owns nothing between loads
  }
}
