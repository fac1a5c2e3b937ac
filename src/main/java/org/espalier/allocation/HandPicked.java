package org.espalier.allocation;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Units of one sub-layer that a person keeps or drops, whatever their scores.
 *
 * @param kept units that stay
 * @param dropped units that go; none of them is kept, too
 */
public record HandPicked(Set<Integer> kept, Set<Integer> dropped) {
  public static final HandPicked NONE = new HandPicked(Set.of(), Set.of());

  public HandPicked {
    kept = Set.copyOf(kept);
    dropped = Set.copyOf(dropped);
    if (dropped.stream().anyMatch(kept::contains)) {
      throw new IllegalArgumentException("a unit cannot be both kept and dropped");
    }
  }

  public boolean isEmpty() {
    return kept.isEmpty() && dropped.isEmpty();
  }

  /** Keeps a unit by hand. */
  public HandPicked keeping(int unit) {
    return new HandPicked(with(kept, unit), without(dropped, unit));
  }

  /** Drops a unit by hand. */
  public HandPicked dropping(int unit) {
    return new HandPicked(without(kept, unit), with(dropped, unit));
  }

  /** Leaves a unit to its score again. */
  public HandPicked leaving(int unit) {
    return new HandPicked(without(kept, unit), without(dropped, unit));
  }

  /** Fewest units that the sub-layer keeps. */
  public int least() {
    return kept.size();
  }

  /** Most units that a sub-layer of so many keeps. */
  public int most(int units) {
    return units - dropped.size();
  }

  /** True if every unit named is one of so many. */
  public boolean fits(int units) {
    return IntStream.concat(
            kept.stream().mapToInt(Integer::intValue), dropped.stream().mapToInt(Integer::intValue))
        .allMatch(unit -> unit >= 0 && unit < units);
  }

  /**
   * Changes a choice as little as possible so that it respects what was picked by hand and stays as
   * large as it was: the lowest scores make room, the highest fill up.
   *
   * @param chosen units that a method keeps, at least {@link #least} and at most {@link #most}
   * @param scores one per unit of the sub-layer
   * @return the units to keep, ascending
   */
  public int[] honour(int[] chosen, double[] scores) {
    BitSet stays = new BitSet(scores.length);
    Arrays.stream(chosen).forEach(stays::set);
    kept.forEach(stays::set);
    dropped.forEach(stays::clear);
    int surplus = stays.cardinality() - chosen.length;
    Comparator<Integer> byScore = Comparator.comparingDouble(unit -> scores[unit]);
    if (surplus > 0) {
      stays.stream()
          .boxed()
          .filter(unit -> !kept.contains(unit))
          .sorted(byScore.thenComparing(Comparator.reverseOrder()))
          .limit(surplus)
          .toList()
          .forEach(stays::clear);
    } else if (surplus < 0) {
      IntStream.range(0, scores.length)
          .filter(unit -> !stays.get(unit))
          .boxed()
          .filter(unit -> !dropped.contains(unit))
          .sorted(byScore.reversed())
          .limit(-surplus)
          .toList()
          .forEach(stays::set);
    }
    return stays.stream().toArray();
  }

  private static Set<Integer> with(Set<Integer> units, int unit) {
    Set<Integer> changed = new TreeSet<>(units);
    changed.add(unit);
    return changed;
  }

  private static Set<Integer> without(Set<Integer> units, int unit) {
    Set<Integer> changed = new TreeSet<>(units);
    changed.remove(unit);
    return changed;
  }
}
