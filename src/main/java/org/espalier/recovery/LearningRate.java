package org.espalier.recovery;

/**
 * Learning rate over a training: a linear warm-up, then a cosine down to a floor.
 *
 * @param steps length of the training
 * @param warmUp steps until the peak is reached
 * @param peak highest rate
 * @param floor rate of the last step
 */
public record LearningRate(int steps, int warmUp, double peak, double floor) {
  public LearningRate {
    if (steps < 1 || warmUp < 0 || warmUp >= steps || peak < floor || floor < 0) {
      throw new IllegalArgumentException("not a schedule of learning rates");
    }
  }

  /** Rate of a step, counted from 0. */
  public double at(int step) {
    if (step < warmUp) {
      return peak * (step + 1) / warmUp;
    }
    double done = (double) (step - warmUp) / Math.max(1, steps - 1 - warmUp);
    return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
  }
}
