package org.espalier.pruning;

import java.util.Optional;
import java.util.Set;
import org.espalier.statistics.Collector;

/**
 * Repairs a sub-layer in closed form after its units were chosen. An object that keeps nothing
 * between calls: a resumed run must repair as the interrupted one did.
 */
public interface Compensator {
  /** Repairs nothing. */
  Compensator NONE =
      new Compensator() {
        @Override
        public Set<Collector> collectors() {
          return Set.of();
        }

        @Override
        public boolean addsBiases() {
          return false;
        }

        @Override
        public Optional<OutputRepair> repair(MeasuredSubLayer subLayer, UnitSet kept) {
          return Optional.empty();
        }
      };

  /** What must be measured before. */
  Set<Collector> collectors();

  /** Whether every sub-layer that loses units gets an output bias. */
  default boolean addsBiases() {
    return true;
  }

  /**
   * Repairs.
   *
   * @param subLayer that loses at least one unit
   * @param kept may be empty; then only the bias of a repair has an effect
   */
  Optional<OutputRepair> repair(MeasuredSubLayer subLayer, UnitSet kept);
}
