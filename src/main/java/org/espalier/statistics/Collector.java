package org.espalier.statistics;

import java.util.Set;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;

/** Measures one family of statistics while a calibration pass goes through the blocks. */
public interface Collector {
  /** Name and version: part of the cache key, so it changes when the numbers would. */
  String id();

  /** Names of the vectors it measures. */
  Set<String> names();

  /** False when it reads weights only, so that no text is needed. */
  boolean readsActivations();

  /**
   * Begins a sub-layer.
   *
   * @param weights of its block; valid only during this call
   */
  Accumulator begin(SubLayer subLayer, BlockWeights weights);
}
