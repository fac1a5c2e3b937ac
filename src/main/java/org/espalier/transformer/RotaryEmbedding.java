package org.espalier.transformer;

import java.util.List;

/**
 * How rotary position angles are made.
 *
 * @param theta base of the geometric series of frequencies
 */
public record RotaryEmbedding(double theta, Scaling scaling) {
  /** Stretches the frequencies for contexts longer than those of the first training. */
  public sealed interface Scaling {
    /**
     * Replaces the frequencies in radians per position, one for each pair of a head's coordinates,
     * in place.
     *
     * @param positions length of the whole text
     */
    void scale(double[] frequencies, double theta, int positions);

    /** Factor of all cosines and sines. */
    default double amplitude() {
      return 1;
    }

    /** Texts of more positions have other frequencies than shorter ones. */
    default int longBeyond() {
      return Integer.MAX_VALUE;
    }
  }

  /** The frequencies as they are. */
  public record Unscaled() implements Scaling {
    @Override
    public void scale(double[] frequencies, double theta, int positions) {
      // as they are
    }
  }

  /** All positions divided by a factor (position interpolation). */
  public record Linear(double factor) implements Scaling {
    @Override
    public void scale(double[] frequencies, double theta, int positions) {
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factor;
      }
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
    public void scale(double[] frequencies, double theta, int positions) {
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] = scaled(frequencies[i]);
      }
    }

    private double scaled(double frequency) {
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

  /**
   * YaRN (Peng et al., 2023): coordinates that turn often within the first context keep their
   * frequency, those that turn seldom are stretched by the factor, between them it is blended.
   *
   * @param amplitude factor of cosines and sines, which sharpens attention
   * @param fastTurns turns within the first context from which on a frequency is kept
   * @param slowTurns turns up to which it is stretched
   * @param wholeBounds whether the bounds of the blend are widened to whole coordinates
   * @param originalPositions context length of the first training
   */
  public record Yarn(
      double factor,
      double amplitude,
      double fastTurns,
      double slowTurns,
      boolean wholeBounds,
      int originalPositions)
      implements Scaling {
    /** The amplitude that the paper recommends for a factor. */
    public static double recommendedAmplitude(double factor) {
      return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
    }

    @Override
    public void scale(double[] frequencies, double theta, int positions) {
      int headSize = 2 * frequencies.length;
      double low = coordinate(fastTurns, headSize, theta);
      double high = coordinate(slowTurns, headSize, theta);
      if (wholeBounds) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, headSize - 1.0);
      if (low == high) {
        high += 0.001; // as the published code avoids the division by zero
      }
      for (int i = 0; i < frequencies.length; i++) {
        double stretched = Math.min(1, Math.max(0, (i - low) / (high - low)));
        frequencies[i] *= stretched / factor + 1 - stretched;
      }
    }

    /** The coordinate, as a real number, that turns so often within the first context. */
    private double coordinate(double turns, int headSize, double theta) {
      return headSize * Math.log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }

  /**
   * LongRoPE (Ding et al., 2024): every frequency is divided by a searched factor of its own; texts
   * beyond the first context have other factors than shorter ones.
   *
   * @param shortFactors one for each pair of a head's coordinates
   * @param longFactors likewise, for long texts
   * @param amplitude factor of cosines and sines
   * @param originalPositions context length of the first training
   */
  public record LongRope(
      List<Double> shortFactors, List<Double> longFactors, double amplitude, int originalPositions)
      implements Scaling {
    public LongRope {
      shortFactors = List.copyOf(shortFactors);
      longFactors = List.copyOf(longFactors);
    }

    /** The amplitude that the paper recommends. */
    public static double recommendedAmplitude(double factor, int originalPositions) {
      return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalPositions));
    }

    @Override
    public void scale(double[] frequencies, double theta, int positions) {
      List<Double> factors = positions > originalPositions ? longFactors : shortFactors;
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factors.get(i);
      }
    }

    @Override
    public int longBeyond() {
      return originalPositions;
    }
  }

  /**
   * The e/2 frequencies of a head of size e, in radians per position.
   *
   * @param positions length of the whole text
   */
  public float[] frequencies(int headSize, int positions) {
    double[] frequencies = new double[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / Math.pow(theta, 2.0 * i / headSize);
    }
    scaling.scale(frequencies, theta, positions);
    float[] rounded = new float[frequencies.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) frequencies[i];
    }
    return rounded;
  }
}
