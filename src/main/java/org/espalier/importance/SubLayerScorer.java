package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;

/** Turns statistics into one score per sub-layer. */
public interface SubLayerScorer {
  /** What must be measured before. */
  Set<SubLayerMeasurement> measurements();

  /**
   * Scores all sub-layers that have units.
   *
   * @param config of the dense model
   * @param statistics that hold everything {@link #measurements} measure
   * @throws org.espalier.task.EspalierException if the model gave values that are not numbers
   */
  SubLayerScores score(DecoderConfig config, Statistics statistics);
}
