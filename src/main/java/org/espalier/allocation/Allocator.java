package org.espalier.allocation;

import java.util.Optional;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Decides how many units each sub-layer keeps.
 *
 * <p>An allocator is prepared once for a model and its importance (sorting happens there) and then
 * answers every target and every set of locks within one frame.
 */
@FunctionalInterface
public interface Allocator {
  /**
   * Answers one target under one set of locks.
   *
   * @throws InfeasibleTargetException if the locks leave no way to meet the target
   */
  Allocation allocate(Target target, Locks locks);

  /** What the method itself demands of a sub-layer, so that it can be told and shown. */
  default Bounds bounds(SubLayer subLayer) {
    return Bounds.NONE;
  }

  /**
   * Whether sub-layers of a kind stay or go as a whole, so that scores of their units decide
   * nothing.
   */
  default boolean takesWhole(SubLayerKind kind) {
    return false;
  }

  /**
   * What a person should know about an answer that does not come as near to the target as single
   * units allow, in one sentence.
   *
   * @param answer to the target
   */
  default Optional<String> remark(Target target, Allocation answer) {
    return Optional.empty();
  }
}
