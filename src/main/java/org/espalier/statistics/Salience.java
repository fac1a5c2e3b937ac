package org.espalier.statistics;

/**
 * What {@link GradientPass} measures on every slice of weights w, with the gradient g of the loss
 * and the mean ĝ² over windows of the squared gradients of single windows: terms of the Taylor
 * expansion of the loss (LLM-Pruner, Ma et al., NeurIPS 2023, section 3.2). The vectors are laid
 * out as {@link CoupledSlices} says.
 */
public enum Salience {
  /** {@code Σ w·g}: what the loss loses, to first order, when the whole slice goes. */
  FIRST_ORDER("salience.firstOrder"),
  /** {@code Σ |w·g|}. */
  FIRST_ORDER_ABSOLUTE("salience.firstOrderAbsolute"),
  /** {@code Σ w²·ĝ²}, the diagonal of the Fisher matrix in the place of the second derivative. */
  SECOND_ORDER("salience.secondOrder"),
  /** {@code Σ |w·g - w²·ĝ²/2|}. */
  MIXED_ABSOLUTE("salience.mixedAbsolute");

  private final String statistic;

  Salience(String statistic) {
    this.statistic = statistic;
  }

  /** Name of the vector. */
  public String statistic() {
    return statistic;
  }
}
