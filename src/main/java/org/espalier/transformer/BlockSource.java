package org.espalier.transformer;

import ai.djl.Device;

/**
 * Gives the weights of a decoder block by block. Everything that runs a model goes through a
 * source, so it neither knows nor cares whether blocks stay in memory, come from disk when needed,
 * or are masked or cut on the way.
 */
public interface BlockSource extends AutoCloseable {
  /** Where the weights are given. */
  Device device();

  /** Number of blocks. */
  int blocks();

  /** Widths of one block; cheap. */
  BlockShape shape(int block);

  /** The weights of one block; close them as soon as the block is done. */
  BlockWeights load(int block);

  @Override
  void close();
}
