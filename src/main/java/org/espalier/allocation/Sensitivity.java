package org.espalier.allocation;

import java.util.List;
import java.util.Map;
import org.espalier.transformer.SubLayer;

/**
 * How a model's mean negative log-likelihood on a slice of calibration text answers to its
 * sub-layers, one at a time. What one sub-layer may lose depends on what the others have lost
 * already, so each is varied not only inside the dense model but inside evenly pruned ones, too.
 *
 * @param dense loss of the dense model, in nats per token
 * @param baselines by what they remove, least first
 */
public record Sensitivity(double dense, List<Baseline> baselines) {
  public Sensitivity {
    baselines = List.copyOf(baselines);
    if (baselines.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /**
   * A model in which single sub-layers are varied.
   *
   * @param allocation what every other sub-layer keeps
   * @param loss of this model as it stands, in nats per token
   * @param curves of all sub-layers that have units
   */
  public record Baseline(Allocation allocation, double loss, Map<SubLayer, LossCurve> curves) {
    public Baseline {
      curves = Map.copyOf(curves);
    }

    /** What the loss gains over this baseline when only {@code subLayer} keeps {@code units}. */
    public double change(SubLayer subLayer, double units) {
      return curves.get(subLayer).loss(units) - loss;
    }
  }
}
