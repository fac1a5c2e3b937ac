package org.espalier.pruning;

import org.espalier.allocation.Allocator;
import org.espalier.allocation.PrunableModel;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScores;

/** Prepares an allocator for a model and what was judged important. */
@FunctionalInterface
public interface AllocationRule {
  /**
   * Prepares once for many targets.
   *
   * @param importance of the units
   * @param subLayers empty unless the recipe judges sub-layers
   */
  Allocator prepare(PrunableModel model, ImportanceMap importance, SubLayerScores subLayers);
}
