package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Gathers one sub-layer's statistics, a batch of windows at a time. */
public interface Accumulator extends AutoCloseable {
  /**
   * Takes a batch.
   *
   * @param input of the output projection (o_proj or down_proj): float32 [windows, tokens,
   *     channels]; owned by the caller
   */
  void observe(NDArray input);

  /** The finished vectors by name. */
  Map<String, double[]> finish();

  /** Frees what it holds. */
  @Override
  void close();
}
