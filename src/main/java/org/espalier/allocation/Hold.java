package org.espalier.allocation;

/**
 * A sub-layer that does not take part in the re-solve.
 *
 * @param keptUnits how many of its units it keeps
 * @param editable true when hand-set, false when locked
 */
public record Hold(int keptUnits, boolean editable) {
  public static Hold locked(int keptUnits) {
    return new Hold(keptUnits, false);
  }

  public static Hold handSet(int keptUnits) {
    return new Hold(keptUnits, true);
  }
}
