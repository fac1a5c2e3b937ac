package org.espalier.allocation;

/** Whether an allocator may take all units of a sub-layer, which removes it as a whole. */
public enum SubLayerRemoval {
  /** Every sub-layer that is not held keeps at least one unit. */
  FORBIDDEN,
  /** A sub-layer may lose all its units. */
  ALLOWED;

  /** Units that may go from a sub-layer of so many. */
  int removable(int units) {
    return this == ALLOWED ? units : Math.max(0, units - 1);
  }
}
