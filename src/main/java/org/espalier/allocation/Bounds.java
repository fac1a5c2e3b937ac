package org.espalier.allocation;

/**
 * How few units a method lets a sub-layer keep, whatever the target.
 *
 * @param leastKept 0 where the whole sub-layer may go
 * @param reason what sets the bound, as the end of "keeps at least 3 because ..."; empty where
 *     there is none
 */
public record Bounds(int leastKept, String reason) {
  /** The target alone decides. */
  public static final Bounds NONE = new Bounds(0, "");
}
