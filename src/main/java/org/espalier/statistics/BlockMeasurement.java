package org.espalier.statistics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.SubLayerObserver;

/** All collectors at work on one block: an observer of its activations until {@link #finish}. */
public final class BlockMeasurement implements SubLayerObserver, AutoCloseable {
  private final Map<SubLayer, List<Accumulator>> accumulators = new HashMap<>();

  /** Begins the sub-layers of a block that still have units. */
  public BlockMeasurement(int block, BlockWeights weights, Collection<Collector> collectors) {
    for (SubLayerKind kind : SubLayerKind.values()) {
      if (weights.shape().units(kind) > 0) {
        SubLayer subLayer = new SubLayer(block, kind);
        List<Accumulator> begun = new ArrayList<>();
        accumulators.put(subLayer, begun);
        for (Collector collector : collectors) {
          begun.add(collector.begin(subLayer, weights));
        }
      }
    }
  }

  @Override
  public void observe(SubLayer subLayer, SubLayerActivations activations) {
    for (Accumulator accumulator : accumulators.get(subLayer)) {
      accumulator.observe(activations);
    }
  }

  /** What was measured. */
  public Statistics finish() {
    Map<SubLayer, Map<String, double[]>> vectors = new HashMap<>();
    accumulators.forEach(
        (subLayer, all) -> {
          Map<String, double[]> named = new TreeMap<>();
          all.forEach(accumulator -> named.putAll(accumulator.finish()));
          vectors.put(subLayer, named);
        });
    return new Statistics(vectors);
  }

  @Override
  public void close() {
    accumulators.values().forEach(all -> all.forEach(Accumulator::close));
  }
}
