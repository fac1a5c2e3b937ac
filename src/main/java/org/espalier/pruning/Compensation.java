package org.espalier.pruning;

import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * What is added to the output bias of pruned sub-layers to repair them (FLAP, section 3.3).
 *
 * <p>Arrays are shared, not copied: treat them as read-only.
 *
 * @param outputBias per sub-layer, one value per hidden channel
 */
public record Compensation(Map<SubLayer, float[]> outputBias) {
  public static final Compensation NONE = new Compensation(Map.of());

  public Compensation {
    outputBias = Map.copyOf(outputBias);
  }

  public Optional<float[]> of(SubLayer subLayer) {
    return Optional.ofNullable(outputBias.get(subLayer));
  }

  public boolean isEmpty() {
    return outputBias.isEmpty();
  }
}
