package org.espalier.transformer;

import ai.djl.Device;

/**
 * The blocks of another source, seen through a change that a subclass makes. It owns nothing
 * between loads, so closing it leaves the other source open.
 */
public abstract class ForwardingBlocks implements BlockSource {
  private final BlockSource source;

  /**
   * Looks at another source.
   *
   * @param source stays open and is not closed by this one
   */
  protected ForwardingBlocks(BlockSource source) {
    this.source = source;
  }

  /** The blocks that are looked at. */
  protected final BlockSource source() {
    return source;
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
  public void close() {
    // owns nothing between loads
  }
}
