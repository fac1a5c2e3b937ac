package org.espalier.workbench;

import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.Budget;
import org.espalier.allocation.HandPickedAllocator;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScores;
import org.espalier.pruning.MethodDescription;

/**
 * Measured once: answers every target and every set of locks within one frame.
 *
 * @param subLayers empty for methods that judge units only
 * @param addsBiases whether every sub-layer that loses units gets an output bias
 * @param calibration the calibration's protocol in words ("128 windows of 128 tokens of ..., seed
 *     0"); empty for methods without
 */
public record Analysis(
    OpenedCheckpoint checkpoint,
    AnalysisRequest request,
    MethodDescription method,
    ImportanceMap importance,
    SubLayerScores subLayers,
    Allocator allocator,
    boolean addsBiases,
    String calibration) {
  /**
   * How many units each sub-layer keeps for a target, around locks; answers within a frame.
   *
   * @throws org.espalier.allocation.InfeasibleTargetException if the locks leave no way
   */
  public Allocation allocate(Target target, Locks locks) {
    return new HandPickedAllocator(checkpoint.model(), allocator).allocate(target, locks);
  }

  /** What a person should know about an answer whose steps are coarser than single units. */
  public Optional<String> remark(Target target, Allocation answer) {
    return allocator.remark(target, answer);
  }

  /**
   * What an allocation of this analysis takes.
   *
   * @param context tokens before the decoded one
   */
  public Budget budget(Allocation allocation, int context) {
    return Budget.of(allocation, checkpoint.costs(), context, addsBiases);
  }
}
