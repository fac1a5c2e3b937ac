package org.espalier.ui.allocation;

import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;

/**
 * What a person has decided: everything else of a draft follows from it.
 *
 * @param name shown to people; empty for a draft that has none yet
 */
public record DraftState(Target target, Locks locks, String name) {
  /** A draft without a name. */
  public DraftState(Target target, Locks locks) {
    this(target, locks, "");
  }

  DraftState with(Target other) {
    return new DraftState(other, locks, name);
  }

  DraftState with(Locks other) {
    return new DraftState(target, other, name);
  }

  DraftState named(String other) {
    return new DraftState(target, locks, other);
  }

  /** True if an allocation that answers one answers the other. */
  boolean asksTheSameAs(DraftState other) {
    return target.equals(other.target) && locks.equals(other.locks);
  }
}
