package org.espalier.evaluation.race;

/**
 * A mean difference and where it lies.
 *
 * @param mean in nats per token
 * @param low lower end; minus infinity while too little is known
 * @param high upper end; infinity while too little is known
 */
public record DifferenceInterval(double mean, double low, double high) {
  /** True once the interval leaves zero out. */
  public boolean excludesZero() {
    return low > 0 || high < 0;
  }

  /** The same seen from the other side. */
  public DifferenceInterval reversed() {
    return new DifferenceInterval(-mean, -high, -low);
  }
}
