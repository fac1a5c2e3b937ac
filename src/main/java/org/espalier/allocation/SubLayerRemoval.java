package org.espalier.allocation;

/** Whether an allocator may take all units of a sub-layer, which removes it as a whole. */
public enum SubLayerRemoval {
  /** Every sub-layer that is not held keeps at least one unit. */
  FORBIDDEN,
  /** A sub-layer may lose all its units. */
  ALLOWED;

  /** What this demands of a sub-layer of so many units. */
  Bounds bounds(int units) {
    return this == ALLOWED || units == 0
        ? Bounds.NONE
        : new Bounds(1, "this method removes no whole sub-layer");
  }

  /** Units that may go from a sub-layer of so many. */
  int removable(int units) {
    return this == ALLOWED ? units : Math.max(0, units - 1);
  }
}
