package org.espalier.pruning;

import org.espalier.allocation.Allocator;
import org.espalier.allocation.PrunableModel;
import org.espalier.importance.ImportanceMap;

/** Prepares an allocator for a model and its importance. */
@FunctionalInterface
public interface AllocationRule {
  Allocator prepare(PrunableModel model, ImportanceMap importance);
}
