package org.espalier.evaluation;

/**
 * A 95 % confidence band around a perplexity: Student's t on the windows' mean negative
 * log-likelihoods, as if the windows were drawn from many more of their kind.
 *
 * @param low lower end; 0 while too few windows are known
 * @param high upper end; infinite while too few windows are known
 */
public record PerplexityBand(double low, double high) {
  /** Of one window. */
  public static final PerplexityBand UNKNOWN = new PerplexityBand(0, Double.POSITIVE_INFINITY);

  /** The standard normal quantile of 97.5 %. */
  private static final double Z = 1.959963984540054;

  /**
   * The band for values with these sums.
   *
   * @param count windows
   * @param mean of the windows' negative log-likelihoods, in nats per token
   * @param squares sum of squared distances from the mean
   */
  static PerplexityBand of(int count, double mean, double squares) {
    return of(count, mean, squares, 1);
  }

  /**
   * As {@link #of(int, double, double)}, for windows drawn at random from a text of which they are
   * a share: what is left to be seen shrinks the error (finite population correction).
   *
   * @param unseen share of the text's windows that were not drawn, 0 to 1
   */
  static PerplexityBand of(int count, double mean, double squares, double unseen) {
    if (count < 2) {
      return UNKNOWN;
    }
    double error = Math.sqrt(squares / (count - 1) / count * unseen);
    double reach = quantile(count - 1) * error;
    return new PerplexityBand(Math.exp(mean - reach), Math.exp(mean + reach));
  }

  /** Quantile of 97.5 % of Student's t (Abramowitz and Stegun, 26.7.5); exact for 1 and 2. */
  static double quantile(int freedom) {
    if (freedom == 1) {
      return 12.706204736432095;
    }
    if (freedom == 2) {
      return 4.302652729696142;
    }
    double v = freedom;
    double z2 = Z * Z;
    double first = Z * (z2 + 1) / 4;
    double second = Z * ((5 * z2 + 16) * z2 + 3) / 96;
    double third = Z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    double fourth = Z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return Z + first / v + second / (v * v) + third / Math.pow(v, 3) + fourth / Math.pow(v, 4);
  }

  /** Width as a share of the value in its middle. */
  public double relativeWidth(double perplexity) {
    return (high - low) / perplexity;
  }
}
