package org.espalier.statistics;

import java.util.Map;
import org.espalier.transformer.SubLayerActivations;

/** For collectors that read weights only: everything is known from the start. */
record Measured(Map<String, double[]> vectors) implements Accumulator {
  @Override
  public void observe(SubLayerActivations activations) {
    // weights only
  }

  @Override
  public Map<String, double[]> finish() {
    return vectors;
  }

  @Override
  public void close() {
    // holds plain arrays only
  }
}
