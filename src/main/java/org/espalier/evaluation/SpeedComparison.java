package org.espalier.evaluation;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Dense and pruned measured in turns in one run.
 *
 * @param prefill pruned over dense
 * @param decode pruned over dense
 * @param notes why pruning did not make it faster, or how much faster it can get at most; sentences
 */
public record SpeedComparison(
    SpeedResult dense, SpeedResult pruned, Spread prefill, Spread decode, List<String> notes) {
  public SpeedComparison {
    notes = List.copyOf(notes);
  }

  /** A comparison that needs no explanation. */
  public SpeedComparison(SpeedResult dense, SpeedResult pruned, Spread prefill, Spread decode) {
    this(dense, pruned, prefill, decode, List.of());
  }

  /**
   * How many times faster the pruned model can write at batch 1 at most, where reading memory is
   * the limit: the ratio of the bytes that a token reads. Empty where they were not counted or a
   * batch shares the weights.
   */
  public OptionalDouble decodeBound() {
    return dense.batch() == 1 && dense.bytesPerToken() > 0 && pruned.bytesPerToken() > 0
        ? OptionalDouble.of((double) dense.bytesPerToken() / pruned.bytesPerToken())
        : OptionalDouble.empty();
  }

  /**
   * A value with its spread over the rounds.
   *
   * @param low first quartile
   * @param median second quartile
   * @param high third quartile
   */
  public record Spread(double low, double median, double high) {
    static Spread of(double value) {
      return new Spread(value, value, value);
    }
  }
}
