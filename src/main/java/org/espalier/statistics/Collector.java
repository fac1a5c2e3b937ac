package org.espalier.statistics;

import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;

/** Measures one family of statistics while a calibration pass goes through the blocks. */
public interface Collector extends Measurement {
  /**
   * Begins a sub-layer.
   *
   * @param weights of its block; they stay open until the accumulator is closed
   */
  Accumulator begin(SubLayer subLayer, BlockWeights weights);
}
