package org.espalier.evaluation.race;

/**
 * Intervals for a mean that hold all at once: the chance that any of them, however long one looks,
 * misses the mean is at most the error. So one may stop whenever one likes, for example as soon as
 * zero lies outside.
 *
 * <p>The interval holds every mean whose sequential t-test stays below 1 / error. The test is the
 * ratio of the likelihood of the t statistic under effects drawn from a normal distribution to that
 * under no effect (Gönen et al., The Bayesian Two-Sample t Test, 2005), which is a martingale
 * whatever the unknown variance (Wang and Ramdas, Anytime-valid t-tests and confidence sequences
 * for Gaussian means with unknown variance, 2023); Ville's inequality does the rest. Exact for
 * normal values; the first windows are passed over because few values of another kind are not
 * normal on average.
 */
final class ConfidenceSequence {
  /** Fewer values say too little about how much they differ. */
  static final int FEWEST = 8;

  /**
   * Standard deviation of the effects that the test looks for, in standard deviations of a value.
   * Larger ones find large effects sooner, but take skewed values for effects more often.
   */
  private static final double EFFECT = 0.25;

  private final double error;
  private int count;
  private double mean;
  private double squares;

  /**
   * @param error chance that any interval misses the mean, 0 to 1
   */
  ConfidenceSequence(double error) {
    this.error = error;
  }

  void add(double value) {
    count++;
    double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }

  /** Where the mean lies, by all values so far. */
  DifferenceInterval interval() {
    double reach = reach();
    return new DifferenceInterval(mean, mean - reach, mean + reach);
  }

  private double reach() {
    double widening = 1 + count * EFFECT * EFFECT;
    double limit = Math.pow(widening / (error * error), 1.0 / count);
    if (count < FEWEST || limit >= widening) {
      return Double.POSITIVE_INFINITY;
    }
    // The t statistic at which the ratio reaches 1 / error, as its square over the freedom.
    double square = (limit - 1) / (1 - limit / widening);
    return Math.sqrt(square * squares / count);
  }
}
