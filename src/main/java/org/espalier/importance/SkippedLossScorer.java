package org.espalier.importance;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.espalier.statistics.SkippedLossPass;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Judges a sub-layer by the loss of the dense model without it.
 *
 * @param pass which windows are predicted
 */
public record SkippedLossScorer(SkippedLossPass pass) implements SubLayerScorer {
  @Override
  public Set<SubLayerMeasurement> measurements() {
    return Set.of(pass);
  }

  @Override
  public SubLayerScores score(DecoderConfig config, Statistics statistics) {
    Map<SubLayer, Double> losses = new HashMap<>();
    for (int block = 0; block < config.blocks(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (config.shape(block).units(kind) > 0) {
          SubLayer subLayer = new SubLayer(block, kind);
          losses.put(subLayer, statistics.vector(subLayer, SkippedLossPass.LOSS)[0]);
        }
      }
    }
    return new SubLayerScores(
        "loss without it", "loss", SharedScores.of(losses, config, statistics));
  }
}
