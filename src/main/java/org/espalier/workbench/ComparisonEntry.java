package org.espalier.workbench;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.espalier.allocation.Target;

/**
 * One model of a comparison.
 *
 * @param label for people: the method and what is special about its parameters
 * @param method a name of {@link Workbench#methods}
 * @param parameters values that differ from the method's defaults
 * @param target how much to remove, unless {@code sameShareAs} says it
 * @param sameShareAs an earlier entry; what that one really removed of the prunable parameters is
 *     the target of this one, so that both compare at the same size
 * @param seed for methods that draw at random; others do not read it
 */
public record ComparisonEntry(
    String label,
    String method,
    Map<String, String> parameters,
    Target target,
    OptionalInt sameShareAs,
    long seed) {
  public ComparisonEntry {
    parameters = Map.copyOf(parameters);
  }

  /** With the method's defaults, at its own target, seed 0. */
  public static ComparisonEntry of(String label, String method, Target target) {
    return new ComparisonEntry(label, method, Map.of(), target, OptionalInt.empty(), 0);
  }

  /** With another parameter. */
  public ComparisonEntry with(String name, String value) {
    Map<String, String> changed = new HashMap<>(parameters);
    changed.put(name, value);
    return new ComparisonEntry(label, method, changed, target, sameShareAs, seed);
  }

  /** With another seed, which the label tells. */
  public ComparisonEntry seeded(long other) {
    return new ComparisonEntry(
        label + ", seed " + other, method, parameters, target, sameShareAs, other);
  }

  /** At the share that an earlier entry reached. */
  public ComparisonEntry at(int earlier) {
    return new ComparisonEntry(label, method, parameters, target, OptionalInt.of(earlier), seed);
  }
}
