package org.espalier.ui.allocation;

import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;
import org.espalier.workbench.Allocators;
import org.espalier.workbench.Destination;

/**
 * What a person has decided: everything else of a draft follows from it.
 *
 * @param name shown to people; empty for a draft that has none yet
 * @param allocator how the target is shared among sub-layers, a name of {@link Allocators}
 * @param destination where the result will run
 */
public record DraftState(
    Target target, Locks locks, String name, String allocator, Destination destination) {
  /** A draft without a name, by the method's own rule, for anywhere. */
  public DraftState(Target target, Locks locks) {
    this(target, locks, "", Allocators.OWN, Destination.ANYWHERE);
  }

  DraftState with(Target other) {
    return new DraftState(other, locks, name, allocator, destination);
  }

  DraftState with(Locks other) {
    return new DraftState(target, other, name, allocator, destination);
  }

  DraftState named(String other) {
    return new DraftState(target, locks, other, allocator, destination);
  }

  DraftState allocatedBy(String other) {
    return new DraftState(target, locks, name, other, destination);
  }

  DraftState runningOn(Destination other) {
    return new DraftState(target, locks, name, allocator, other);
  }

  /** True if an allocation that answers one answers the other, by one analysis. */
  boolean asksTheSameAs(DraftState other) {
    return target.equals(other.target) && locks.equals(other.locks);
  }
}
