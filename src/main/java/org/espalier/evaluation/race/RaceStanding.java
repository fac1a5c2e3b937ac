package org.espalier.evaluation.race;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where a race stands.
 *
 * @param window windows read so far
 * @param windows windows in all
 * @param lanes the models, in the order of asking
 * @param pairs every two of them
 * @param confidence that all intervals hold at once, whenever one looks (0.95)
 */
public record RaceStanding(
    int window, int windows, List<Lane> lanes, List<Pair> pairs, double confidence) {
  public RaceStanding {
    lanes = List.copyOf(lanes);
    pairs = List.copyOf(pairs);
  }

  /**
   * One model of a race.
   *
   * @param window windows that it read; it stops once it is settled against all others
   * @param perplexity over those; NaN before the first
   */
  public record Lane(String name, int window, double perplexity) {}

  /**
   * Two models of a race.
   *
   * @param first index of a lane
   * @param second index of another
   * @param difference of their negative log-likelihoods over the windows that both read, first
   *     minus second, in nats per token
   * @param decidedAfter windows after which the interval left zero out; 0 while it does not
   */
  public record Pair(int first, int second, DifferenceInterval difference, int decidedAfter) {
    public boolean decided() {
      return decidedAfter > 0;
    }

    /** The lane with the lower loss, once that is decided. */
    public OptionalInt better() {
      return decided()
          ? OptionalInt.of(difference.mean() < 0 ? first : second)
          : OptionalInt.empty();
    }

    boolean holds(int lane) {
      return first == lane || second == lane;
    }
  }

  /** The lane that is better than all others, once that is known. */
  public OptionalInt best() {
    return IntStream.range(0, lanes.size())
        .filter(
            lane ->
                pairs.stream()
                    .filter(pair -> pair.holds(lane))
                    .allMatch(pair -> pair.better().orElse(-1) == lane))
        .findFirst();
  }

  /** Windows after which {@link #best} was known; 0 while it is not. */
  public int decidedAfter() {
    return best().stream()
        .flatMap(
            lane -> pairs.stream().filter(pair -> pair.holds(lane)).mapToInt(Pair::decidedAfter))
        .max()
        .orElse(0);
  }

  /** True if nothing more will be read: all is decided, or all windows are. */
  public boolean over() {
    return window == windows || pairs.stream().allMatch(Pair::decided);
  }

  /** The outcome so far, in a sentence without its full stop. */
  public String verdict() {
    OptionalInt best = best();
    if (best.isPresent()) {
      String name = lanes.get(best.getAsInt()).name();
      String claim =
          lanes.size() == 2
              ? name + " is better than " + lanes.get(1 - best.getAsInt()).name()
              : name + " is the best of " + lanes.size();
      return claim + ", decided after " + decidedAfter() + " of " + windows + " windows";
    }
    if (window < windows) {
      return "Undecided after " + window + " of " + windows + " windows";
    }
    return "No difference between "
        + unbeaten().stream()
            .map(lane -> lanes.get(lane).name())
            .collect(Collectors.joining(" and "))
        + " could be shown on "
        + windows
        + " windows";
  }

  /** Lanes that no other has been shown to be better than. */
  private List<Integer> unbeaten() {
    return IntStream.range(0, lanes.size())
        .filter(
            lane ->
                pairs.stream()
                    .filter(pair -> pair.holds(lane) && pair.decided())
                    .allMatch(pair -> pair.better().orElseThrow() == lane))
        .boxed()
        .toList();
  }

  /** What is known of every two models, a line each. */
  public List<String> lines() {
    List<String> all = new ArrayList<>();
    for (Pair pair : pairs) {
      boolean turn = pair.difference().mean() > 0;
      DifferenceInterval difference = turn ? pair.difference().reversed() : pair.difference();
      String low = lanes.get(turn ? pair.second() : pair.first()).name();
      String high = lanes.get(turn ? pair.first() : pair.second()).name();
      all.add(
          String.format(
              Locale.ROOT,
              "%s against %s: %s nats per token (%.0f %% interval %s to %s), perplexity %.2f %%"
                  + " lower; %s",
              low,
              high,
              signed(difference.mean()),
              100 * confidence,
              signed(difference.low()),
              signed(difference.high()),
              -100 * Math.expm1(difference.mean()),
              pair.decided()
                  ? "decided after " + pair.decidedAfter() + " windows"
                  : "undecided after "
                      + Math.min(windowOf(pair.first()), windowOf(pair.second()))));
    }
    return all;
  }

  private int windowOf(int lane) {
    return lanes.get(lane).window();
  }

  private static String signed(double value) {
    return Double.isInfinite(value)
        ? value > 0 ? "∞" : "−∞"
        : String.format(Locale.ROOT, "%+.4f", value).replace('-', '−');
  }
}
