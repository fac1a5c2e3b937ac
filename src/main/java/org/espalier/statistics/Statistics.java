package org.espalier.statistics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.espalier.transformer.SubLayer;

/**
 * What collectors measured: named vectors per sub-layer, in double precision.
 *
 * <p>Immutable; arrays are shared, not copied: treat them as read-only.
 */
public final class Statistics {
  private final Map<SubLayer, Map<String, double[]>> vectors;

  public Statistics(Map<SubLayer, Map<String, double[]>> vectors) {
    Map<SubLayer, Map<String, double[]>> copy = new LinkedHashMap<>();
    vectors.forEach((subLayer, named) -> copy.put(subLayer, Map.copyOf(named)));
    this.vectors = Map.copyOf(copy);
  }

  /**
   * A vector; do not modify.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  public double[] vector(SubLayer subLayer, String name) {
    Map<String, double[]> named = vectors.get(subLayer);
    double[] vector = named == null ? null : named.get(name);
    if (vector == null) {
      throw new IllegalArgumentException("no statistic " + name + " for " + subLayer);
    }
    return vector;
  }

  public Set<SubLayer> subLayers() {
    return vectors.keySet();
  }

  /** All vectors of a sub-layer by name, in the order of the names. */
  public Map<String, double[]> of(SubLayer subLayer) {
    return new TreeMap<>(vectors.getOrDefault(subLayer, Map.of()));
  }

  /** Both together; {@code other} wins where both measured the same. */
  public Statistics with(Statistics other) {
    Map<SubLayer, Map<String, double[]>> joined = new LinkedHashMap<>();
    vectors.forEach((subLayer, named) -> joined.put(subLayer, new TreeMap<>(named)));
    other.vectors.forEach(
        (subLayer, named) ->
            joined.computeIfAbsent(subLayer, key -> new TreeMap<>()).putAll(named));
    return new Statistics(joined);
  }
}
