package org.espalier.export.gguf;

/**
 * What rounding did to weights.
 *
 * @param squaredErrors sum over all elements
 * @param squares of the exact elements, summed
 * @param largestShare largest error of an element, as a share of the largest element of its block
 */
public record RoundingError(double squaredErrors, double squares, double largestShare) {
  public static final RoundingError NONE = new RoundingError(0, 0, 0);

  public RoundingError plus(RoundingError other) {
    return new RoundingError(
        squaredErrors + other.squaredErrors,
        squares + other.squares,
        Math.max(largestShare, other.largestShare));
  }

  /** Root of the squared errors as a share of the root of the squares. */
  public double relative() {
    return squares == 0 ? 0 : Math.sqrt(squaredErrors / squares);
  }
}
