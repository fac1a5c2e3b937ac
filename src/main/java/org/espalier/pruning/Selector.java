package org.espalier.pruning;

import java.util.Set;
import org.espalier.statistics.Collector;

/**
 * Chooses which units of a sub-layer stay, once it is known how many. An object that keeps nothing
 * between calls: a resumed run must choose as the interrupted one did.
 */
public interface Selector {
  /** What must be measured before, beside what the scorer reads. */
  default Set<Collector> collectors() {
    return Set.of();
  }

  /**
   * Chooses.
   *
   * @param scores one per unit, higher is more important
   * @param kept how many to keep, from 1 to one less than there are
   */
  UnitSet select(MeasuredSubLayer subLayer, double[] scores, int kept);
}
