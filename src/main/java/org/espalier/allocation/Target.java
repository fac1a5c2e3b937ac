package org.espalier.allocation;

/**
 * How much to remove.
 *
 * @param ratio share to remove, 0 to 1
 * @param of what it is a share of
 */
public record Target(double ratio, RatioDefinition of) {
  public Target {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("a ratio lies between 0 and 1, not " + ratio);
    }
  }

  /**
   * The same target as a share of the prunable parameters, which published code counts in. A share
   * of units stays as it is, because such code uses one number for both.
   */
  double prunableRatio(PrunableModel model) {
    return switch (of) {
      case PRUNABLE, UNIT -> ratio;
      case LAYER, TOTAL -> ratio * of.reference(model) / model.prunableParameters();
    };
  }
}
