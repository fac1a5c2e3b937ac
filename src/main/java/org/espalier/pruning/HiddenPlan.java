package org.espalier.pruning;

/**
 * Which channels of the residual stream a model keeps.
 *
 * @param dense how many there are before pruning
 * @param kept those that stay; at least one
 */
public record HiddenPlan(int dense, UnitSet kept) {
  public HiddenPlan {
    if (kept.isEmpty()) {
      throw new IllegalArgumentException("a model without hidden channels");
    }
  }
}
