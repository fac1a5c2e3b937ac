package org.espalier.transformer;

/**
 * How rotary position angles are made.
 *
 * @param theta base of the geometric series of frequencies
 */
public record RotaryEmbedding(double theta, Scaling scaling) {
  /** Stretches the frequencies for contexts longer than those of the first training. */
  public sealed interface Scaling {
    /** The frequency used in place of {@code frequency} (radians per position). */
    double scale(double frequency);
  }

  /** The frequencies as they are. */
  public record Unscaled() implements Scaling {
    @Override
    public double scale(double frequency) {
      return frequency;
    }
  }

  /** All positions divided by a factor (position interpolation). */
  public record Linear(double factor) implements Scaling {
    @Override
    public double scale(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * The scaling of Llama 3.1: long wavelengths are stretched by the factor, short ones kept, those
   * between blended.
   *
   * @param originalPositions context length of the first training
   */
  public record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
      implements Scaling {
    @Override
    public double scale(double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      if (wavelength > originalPositions / lowFrequencyFactor) {
        return frequency / factor;
      }
      if (wavelength < originalPositions / highFrequencyFactor) {
        return frequency;
      }
      double smooth =
          (originalPositions / wavelength - lowFrequencyFactor)
              / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }

  /** The e/2 frequencies of a head of size e, in radians per position. */
  public float[] frequencies(int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaling.scale(1 / Math.pow(theta, 2.0 * i / headSize));
    }
    return frequencies;
  }
}
