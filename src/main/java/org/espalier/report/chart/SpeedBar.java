package org.espalier.report.chart;

import java.util.Optional;
import java.util.OptionalDouble;
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
 * @param decodeBound tokens per second that writing can reach at most, where reading memory is the
 *     limit and what is read is known
 */
public record SpeedBar(
    String name,
    boolean dense,
    SpeedResult result,
    Optional<Spread> prefill,
    Optional<Spread> decode,
    OptionalDouble decodeBound) {

  public static SpeedBar dense(SpeedComparison comparison) {
    return new SpeedBar(
        "dense",
        true,
        comparison.dense(),
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty());
  }

  public static SpeedBar pruned(String name, SpeedComparison comparison) {
    return pruned(name, comparison, OptionalDouble.empty());
  }

  /** A pruned model with the bound on its writing. */
  public static SpeedBar pruned(
      String name, SpeedComparison comparison, OptionalDouble decodeBound) {
    return new SpeedBar(
        name,
        false,
        comparison.pruned(),
        Optional.of(comparison.prefill()),
        Optional.of(comparison.decode()),
        decodeBound);
  }
}
