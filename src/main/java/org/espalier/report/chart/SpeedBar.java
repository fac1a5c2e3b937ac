package org.espalier.report.chart;

import java.util.Optional;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedComparison.Spread;
import org.espalier.evaluation.SpeedResult;

/**
 * Speed of one model.
 *
 * @param name as in the list of runs
 * @param dense true for the model before pruning
 * @param prefill over the dense model, where measured in turns with it
 * @param decode over the dense model, where measured in turns with it
 */
public record SpeedBar(
    String name,
    boolean dense,
    SpeedResult result,
    Optional<Spread> prefill,
    Optional<Spread> decode) {

  public static SpeedBar dense(SpeedComparison comparison) {
    return new SpeedBar("dense", true, comparison.dense(), Optional.empty(), Optional.empty());
  }

  public static SpeedBar pruned(String name, SpeedComparison comparison) {
    return new SpeedBar(
        name,
        false,
        comparison.pruned(),
        Optional.of(comparison.prefill()),
        Optional.of(comparison.decode()));
  }
}
