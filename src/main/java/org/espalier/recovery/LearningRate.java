package org.espalier.recovery;

/**
 * Learning rate over a training: a linear warm-up, then a decay to a floor.
 *
 * @param steps length of the training
 * @param warmUp steps until the peak is reached
 * @param peak highest rate
 * @param floor rate of the last step
 */
public record LearningRate(int steps, int warmUp, double peak, double floor, Decay decay) {
  /** The shape in which the rate falls. */
  public enum Decay {
    LINEAR {
      @Override
      double left(double done) {
        return 1 - done;
      }
    },
    COSINE {
      @Override
      double left(double done) {
        return 0.5 * (1 + Math.cos(Math.PI * done));
      }
    };

    /** Share of the way from floor to peak that is left when a share of the decay is done. */
    abstract double left(double done);
  }

  public LearningRate {
    if (steps < 1 || warmUp < 0 || warmUp >= steps || peak < floor || floor < 0) {
      throw new IllegalArgumentException("not a schedule of learning rates");
    }
  }

  /** Rate of a step, counted from 0. */
  public double at(int step) {
    return at(step, 0);
  }

  /**
   * Rate of a step in a training that may end early because its time is up.
   *
   * @param spent share of the time that is spent, 0 without a limit; the decay is where the later
   *     of step and time has brought it
   */
  public double at(int step, double spent) {
    if (step < warmUp) {
      return peak * (step + 1) / warmUp;
    }
    double done = Math.max(spent, (double) (step - warmUp) / Math.max(1, steps - 1 - warmUp));
    return floor + (peak - floor) * decay.left(Math.min(1, done));
  }
}
