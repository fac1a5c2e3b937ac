package org.espalier.allocation;

/**
 * What an allocation removes, by all four definitions at once; each is a share from 0 to 1.
 *
 * @param unit share of head groups and channels by count
 * @param prunable share of the parameters of all units
 * @param layer share of the parameters of the decoder blocks
 * @param total share of all parameters
 */
public record Ratios(double unit, double prunable, double layer, double total) {
  public static Ratios of(Allocation allocation, PrunableModel model) {
    return new Ratios(
        allocation.removedShare(model, RatioDefinition.UNIT),
        allocation.removedShare(model, RatioDefinition.PRUNABLE),
        allocation.removedShare(model, RatioDefinition.LAYER),
        allocation.removedShare(model, RatioDefinition.TOTAL));
  }

  public double by(RatioDefinition definition) {
    return switch (definition) {
      case UNIT -> unit;
      case PRUNABLE -> prunable;
      case LAYER -> layer;
      case TOTAL -> total;
    };
  }
}
