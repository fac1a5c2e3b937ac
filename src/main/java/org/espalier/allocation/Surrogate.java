package org.espalier.allocation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.espalier.transformer.SubLayer;

/**
 * Predicts from a {@link Sensitivity} what an allocation does to log-perplexity, without running
 * the model: around each baseline the changes that the sub-layers make one at a time are added up,
 * and the baselines nearest in what they remove are blended. Answers within a frame.
 */
public final class Surrogate {
  /** How much more than its most pruned baseline a model may lose and still be predicted. */
  private static final double REACH = 0.1;

  private final PrunableModel model;
  private final Sensitivity sensitivity;
  private final List<SubLayer> subLayers;
  private final double[] shares;
  private final double offset;

  public Surrogate(PrunableModel model, Sensitivity sensitivity) {
    this.model = model;
    this.sensitivity = sensitivity;
    subLayers = model.subLayers().stream().filter(subLayer -> model.units(subLayer) > 0).toList();
    shares =
        sensitivity.baselines().stream()
            .mapToDouble(baseline -> share(baseline.allocation()))
            .toArray();
    offset = around(0, Allocation.dense(model));
  }

  /**
   * Predicted change of log-perplexity (mean negative log-likelihood, nats per token) against the
   * dense model; empty where the allocation lies outside of what was measured.
   */
  public OptionalDouble change(Allocation allocation) {
    double share = share(allocation);
    if (!covers(allocation, share)) {
      return OptionalDouble.empty();
    }
    double change = 0;
    double[] weights = weights(share);
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        change += weights[i] * around(i, allocation);
      }
    }
    // Adding up leaves the dense model itself with a small remainder, which fades out.
    double fade = shares[0] > 0 ? Math.max(0, 1 - share / shares[0]) : 0;
    return OptionalDouble.of(change - fade * offset);
  }

  /**
   * Marginal price of a sub-layer at its cut line: predicted change of log-perplexity for a million
   * parameters, from the unit that would go next; empty where none is left or nothing was measured.
   */
  public OptionalDouble price(Allocation allocation, SubLayer subLayer) {
    int kept = allocation.kept(subLayer);
    double share = share(allocation);
    if (kept == 0
        || model.units(subLayer) == 0
        || !covers(allocation, share)
        || !covers(subLayer, kept - 1)) {
      return OptionalDouble.empty();
    }
    double[] weights = weights(share);
    return OptionalDouble.of(
        (loss(weights, subLayer, kept - 1) - loss(weights, subLayer, kept))
            / model.parametersPerUnit(subLayer)
            * 1e6);
  }

  /**
   * What any cut of a sub-layer costs while all others stay as they are; empty where the allocation
   * lies outside of what was measured.
   */
  public Optional<SubLayerCost> cost(Allocation allocation, SubLayer subLayer) {
    double share = share(allocation);
    int units = model.units(subLayer);
    if (units == 0 || !covers(allocation, share) || !covers(subLayer, units)) {
      return Optional.empty();
    }
    double[] weights = weights(share);
    int fewest = Math.min(units - 1, fewest(subLayer).orElse(units));
    return covers(subLayer, fewest)
        ? Optional.of(SubLayerCost.of(units, fewest, kept -> loss(weights, subLayer, kept)))
        : Optional.empty();
  }

  /** Fewest units of a sub-layer that were measured. */
  OptionalInt fewest(SubLayer subLayer) {
    return sensitivity.baselines().stream()
        .map(baseline -> baseline.curves().get(subLayer))
        .mapToInt(curve -> curve == null ? Integer.MAX_VALUE : curve.fewest())
        .filter(units -> units < Integer.MAX_VALUE)
        .max();
  }

  /** How much each baseline counts when so much of the prunable parameters is removed. */
  double[] weights(double share) {
    double[] weights = new double[shares.length];
    int above = 0;
    while (above < shares.length && shares[above] < share) {
      above++;
    }
    if (above == 0 || above == shares.length) {
      weights[Math.min(above, shares.length - 1)] = 1;
    } else {
      double place = (share - shares[above - 1]) / (shares[above] - shares[above - 1]);
      weights[above - 1] = 1 - place;
      weights[above] = place;
    }
    return weights;
  }

  /** Blended loss when only this sub-layer is varied; differences of it are predictions. */
  double loss(double[] weights, SubLayer subLayer, double kept) {
    double loss = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        loss += weights[i] * sensitivity.baselines().get(i).curves().get(subLayer).loss(kept);
      }
    }
    return loss;
  }

  private double share(Allocation allocation) {
    return allocation.removedShare(model, RatioDefinition.PRUNABLE);
  }

  private double around(int baseline, Allocation allocation) {
    Sensitivity.Baseline around = sensitivity.baselines().get(baseline);
    double change = around.loss() - sensitivity.dense();
    for (SubLayer subLayer : subLayers) {
      change += around.change(subLayer, allocation.kept(subLayer));
    }
    return change;
  }

  private boolean covers(Allocation allocation, double share) {
    // Every curve was measured on all hidden channels.
    return allocation.keptHidden().isEmpty()
        && share <= shares[shares.length - 1] + REACH
        && subLayers.stream().allMatch(subLayer -> covers(subLayer, allocation.kept(subLayer)));
  }

  private boolean covers(SubLayer subLayer, int kept) {
    return sensitivity.baselines().stream()
        .map(baseline -> baseline.curves().get(subLayer))
        .allMatch(curve -> curve != null && curve.covers(kept));
  }
}
