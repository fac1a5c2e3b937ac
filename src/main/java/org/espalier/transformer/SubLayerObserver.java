package org.espalier.transformer;

/** Watches activations during a pass; called for every sub-layer that still has units. */
@FunctionalInterface
public interface SubLayerObserver {
  /** Called after the sub-layer was computed, on the thread that runs the pass. */
  void observe(SubLayer subLayer, SubLayerActivations activations);
}
