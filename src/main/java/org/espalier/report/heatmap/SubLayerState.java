package org.espalier.report.heatmap;

import org.espalier.allocation.Hold;

/** Why a sub-layer keeps what it keeps; each has a mark of its own shape. */
public enum SubLayerState {
  /** The allocator decides. */
  FREE,
  /** The allocator decides and ends at what the method, or where it will run, allows. */
  CONSTRAINED,
  /** Set by hand, and editable. */
  HAND_SET,
  /** Not editable. */
  LOCKED;

  static SubLayerState of(Hold hold) {
    return hold.editable() ? HAND_SET : LOCKED;
  }
}
