package org.espalier.allocation;

/** How an allocator gets from a ratio to whole units when nothing is locked or hand-set. */
public enum Rounding {
  /** As the published code of the method rounds, for reproducing its numbers. */
  OFFICIAL,
  /** So that the removed share lies within the largest unlocked unit of the target. */
  CORRECTED
}
