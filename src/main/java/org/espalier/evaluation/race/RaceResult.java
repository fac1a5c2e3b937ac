package org.espalier.evaluation.race;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.evaluation.Protocol;

/**
 * A finished race.
 *
 * @param names of the models
 * @param negativeLogLikelihoods by model and window, nats per token; a model that was settled
 *     against all others before the end read fewer windows
 * @param error chance that any verdict is wrong, 0 to 1
 * @param protocol of all windows, in the order in which they came
 * @param seconds wall time of the last sitting
 * @param warnings what a reader of the numbers has to know, in sentences
 */
public record RaceResult(
    List<String> names,
    List<List<Double>> negativeLogLikelihoods,
    double error,
    Protocol protocol,
    double seconds,
    List<String> warnings) {
  public RaceResult {
    names = List.copyOf(names);
    negativeLogLikelihoods = negativeLogLikelihoods.stream().map(List::copyOf).toList();
    warnings = List.copyOf(warnings);
  }

  /** Tells the race again, window by window. */
  public RaceStanding replay(Consumer<RaceStanding> onWindow) {
    RaceTally tally = new RaceTally(names, protocol.windows(), error);
    for (int window = 0; window < windows(); window++) {
      double[] losses = new double[names.size()];
      for (int lane = 0; lane < losses.length; lane++) {
        List<Double> read = negativeLogLikelihoods.get(lane);
        losses[lane] = window < read.size() ? read.get(window) : Double.NaN;
      }
      tally.add(losses);
      onWindow.accept(tally.standing());
    }
    return tally.standing();
  }

  /** How it ended. */
  public RaceStanding standing() {
    return replay(standing -> {});
  }

  private int windows() {
    return negativeLogLikelihoods.stream().mapToInt(List::size).max().orElse(0);
  }

  /** The same race with the models under these names. */
  public RaceResult named(List<String> others) {
    return new RaceResult(others, negativeLogLikelihoods, error, protocol, seconds, warnings);
  }

  /** The same race with one more sentence for its readers. */
  public RaceResult warning(List<String> sentences) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(sentences);
    return new RaceResult(names, negativeLogLikelihoods, error, protocol, seconds, all);
  }
}
