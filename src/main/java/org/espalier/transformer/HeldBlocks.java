package org.espalier.transformer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Keeps every block of another source loaded from its first use until closed: for many short passes
 * over the same blocks, such as generation, where widening or masking a block on each use would
 * cost more than the pass itself.
 */
public final class HeldBlocks extends ForwardingBlocks {
  private final boolean owner;
  private final List<BlockWeights> held;

  /**
   * Holds the blocks of another source.
   *
   * @param owner whether closing these closes the other source too
   */
  public HeldBlocks(BlockSource source, boolean owner) {
    super(source);
    this.owner = owner;
    held = new ArrayList<>(Collections.nCopies(source.blocks(), null));
  }

  @Override
  public synchronized BlockWeights load(int block) {
    if (held.get(block) == null) {
      held.set(block, source().load(block));
    }
    return held.get(block).borrowed();
  }

  @Override
  public void close() {
    for (BlockWeights weights : held) {
      if (weights != null) {
        weights.close();
      }
    }
    if (owner) {
      source().close();
    }
  }
}
