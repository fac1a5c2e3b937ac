package org.espalier.statistics;

import java.util.Map;
import org.espalier.transformer.SubLayerActivations;

/** Gathers one sub-layer's statistics, a batch of windows at a time. */
public interface Accumulator extends AutoCloseable {
  /**
   * Takes a batch.
   *
   * @param activations of the sub-layer, float32; owned by the caller
   */
  void observe(SubLayerActivations activations);

  /** The finished vectors by name. */
  Map<String, double[]> finish();

  /** Frees what it holds. */
  @Override
  void close();
}
