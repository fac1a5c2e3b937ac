package org.espalier.pruning;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/** What repairs the output projections of pruned sub-layers; the same for a mask and a cut. */
public record Compensation(Map<SubLayer, OutputRepair> repairs) {
  public static final Compensation NONE = new Compensation(Map.of());

  public Compensation {
    repairs = Map.copyOf(repairs);
  }

  /**
   * Biases alone.
   *
   * @param biases per sub-layer, one value per hidden channel
   */
  public static Compensation ofBiases(Map<SubLayer, float[]> biases) {
    Map<SubLayer, OutputRepair> repairs = new HashMap<>();
    biases.forEach((subLayer, bias) -> repairs.put(subLayer, OutputRepair.bias(bias)));
    return new Compensation(repairs);
  }

  public Optional<OutputRepair> of(SubLayer subLayer) {
    return Optional.ofNullable(repairs.get(subLayer));
  }

  /** Whether no output projection changes. */
  boolean isBiasOnly() {
    return repairs.values().stream().allMatch(OutputRepair::isBiasOnly);
  }

  public boolean isEmpty() {
    return repairs.isEmpty();
  }
}
