package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.ActivationCollector;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.WeightCollector;
import org.espalier.statistics.WeightStatistics;
import org.espalier.transformer.SubLayer;

/**
 * A score per input channel of the output projection W (o_proj or down_proj), from statistics
 * alone.
 */
public enum ChannelMetric {
  /** Input feature variance: {@code f_j} (FLAP, equation 5). */
  IFV(true, true) {
    @Override
    double score(Vectors v, int j) {
      return v.fluctuation[j];
    }
  },
  /** Weighted input feature variance: {@code f_j · Σ_o W[o,j]²} (FLAP, equation 6). */
  WIFV(true, true) {
    @Override
    double score(Vectors v, int j) {
      return v.fluctuation[j] * v.weightSquaredNorm[j];
    }
  },
  /** Weighted input feature norm: {@code mean_o |W[o,j]| · ‖x_j‖} (FLAP code; also Wanda-sp). */
  WIFN(true, false) {
    @Override
    double score(Vectors v, int j) {
      return v.weightAbsoluteMean[j] * Math.sqrt(v.squaredNorm[j]);
    }
  },
  /** 2-norm of the column: {@code sqrt(Σ_o W[o,j]²)}; needs no text. */
  MAGNITUDE(false, false) {
    @Override
    String words() {
      return "norm of output weights";
    }

    @Override
    double score(Vectors v, int j) {
      return Math.sqrt(v.weightSquaredNorm[j]);
    }
  };

  private final boolean readsActivations;
  private final boolean squared;

  ChannelMetric(boolean readsActivations, boolean squared) {
    this.readsActivations = readsActivations;
    this.squared = squared;
  }

  /** Its name for people. */
  String words() {
    return name();
  }

  abstract double score(Vectors vectors, int channel);

  /**
   * What must be measured before. Weights cost little beside a pass with text, so every metric
   * brings them: then another one can be tried without another pass.
   */
  public Set<Collector> collectors() {
    return readsActivations
        ? Set.of(ActivationCollector.INSTANCE, WeightCollector.INSTANCE)
        : Set.of(WeightCollector.INSTANCE);
  }

  /**
   * One score per input channel.
   *
   * @param published true for the running fluctuation of the published code, false for the variance
   */
  public double[] scores(Statistics statistics, SubLayer subLayer, boolean published) {
    Vectors vectors = new Vectors();
    if (readsActivations) {
      vectors.fluctuation =
          statistics.vector(
              subLayer,
              published ? ActivationStatistics.RUNNING_FLUCTUATION : ActivationStatistics.VARIANCE);
      vectors.squaredNorm = statistics.vector(subLayer, ActivationStatistics.SQUARED_NORM);
    }
    vectors.weightSquaredNorm = statistics.vector(subLayer, WeightStatistics.SQUARED_NORM);
    vectors.weightAbsoluteMean = statistics.vector(subLayer, WeightStatistics.ABSOLUTE_MEAN);
    double[] scores = new double[vectors.weightSquaredNorm.length];
    for (int j = 0; j < scores.length; j++) {
      scores[j] = score(vectors, j);
    }
    return scores;
  }

  /** The sound scores on the scale of the channels' outputs: roots of those that are squares. */
  public double[] amplitudes(Statistics statistics, SubLayer subLayer) {
    double[] amplitudes = scores(statistics, subLayer, false);
    if (squared) {
      for (int j = 0; j < amplitudes.length; j++) {
        amplitudes[j] = Math.sqrt(amplitudes[j]);
      }
    }
    return amplitudes;
  }

  private static final class Vectors {
    double[] fluctuation;
    double[] squaredNorm;
    double[] weightSquaredNorm;
    double[] weightAbsoluteMean;
  }
}
