package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;

/** Turns statistics into one score per channel of the residual stream. */
public interface HiddenScorer {
  /** What must be measured before. */
  Set<SubLayerMeasurement> measurements();

  /** What the scores are, for legends. */
  String statistic();

  /**
   * One score per hidden channel, higher is more important.
   *
   * @param config of the dense model
   * @param statistics that hold everything {@link #measurements} measure
   */
  double[] score(DecoderConfig config, Statistics statistics);
}
