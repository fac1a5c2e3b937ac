package org.espalier.evaluation.race;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts a race: who is ahead of whom by how much, and what is decided. The error is shared out
 * among all pairs (Bonferroni), so that all intervals hold at once; a pair that is decided stays
 * so.
 */
public final class RaceTally {
  private final List<String> names;
  private final int windows;
  private final double error;
  private final List<PairTally> pairs = new ArrayList<>();
  private final double[] sums;
  private final int[] read;
  private int window;

  /**
   * A race that has not begun.
   *
   * @param names of at least two models
   * @param windows in all
   * @param error chance that any verdict of the race is wrong, 0 to 1
   */
  public RaceTally(List<String> names, int windows, double error) {
    this.names = List.copyOf(names);
    this.windows = windows;
    this.error = error;
    sums = new double[names.size()];
    read = new int[names.size()];
    double share = error / (names.size() * (names.size() - 1) / 2.0);
    for (int first = 0; first < names.size(); first++) {
      for (int second = first + 1; second < names.size(); second++) {
        pairs.add(new PairTally(first, second, new ConfidenceSequence(share)));
      }
    }
  }

  /** Lanes that still have something to decide, ascending. */
  public List<Integer> racing() {
    return IntStream.range(0, names.size())
        .filter(lane -> pairs.stream().anyMatch(pair -> pair.holds(lane) && pair.decidedAfter == 0))
        .boxed()
        .toList();
  }

  /** True if nothing is left to read or to decide. */
  public boolean over() {
    return window == windows || pairs.stream().allMatch(pair -> pair.decidedAfter > 0);
  }

  /**
   * Counts one window.
   *
   * @param losses mean negative log-likelihoods by lane, in nats per token; those of lanes that are
   *     not {@link #racing} do not count
   */
  public void add(double[] losses) {
    List<Integer> lanes = racing();
    window++;
    for (int lane : lanes) {
      sums[lane] += losses[lane];
      read[lane]++;
    }
    for (PairTally pair : pairs) {
      if (pair.decidedAfter == 0) {
        pair.add(losses[pair.first] - losses[pair.second], window);
      }
    }
  }

  /** Where the race stands. */
  public RaceStanding standing() {
    return new RaceStanding(
        window,
        windows,
        IntStream.range(0, names.size())
            .mapToObj(
                lane ->
                    new RaceStanding.Lane(
                        names.get(lane), read[lane], Math.exp(sums[lane] / read[lane])))
            .toList(),
        pairs.stream().map(PairTally::standing).toList(),
        1 - error);
  }

  private static final class PairTally {
    private final int first;
    private final int second;
    private final ConfidenceSequence sequence;
    private int decidedAfter;

    PairTally(int first, int second, ConfidenceSequence sequence) {
      this.first = first;
      this.second = second;
      this.sequence = sequence;
    }

    boolean holds(int lane) {
      return first == lane || second == lane;
    }

    void add(double difference, int window) {
      sequence.add(difference);
      if (sequence.interval().excludesZero()) {
        decidedAfter = window;
      }
    }

    RaceStanding.Pair standing() {
      return new RaceStanding.Pair(first, second, sequence.interval(), decidedAfter);
    }
  }
}
