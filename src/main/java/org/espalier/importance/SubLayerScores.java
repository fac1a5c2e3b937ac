package org.espalier.importance;

import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * Scores of whole sub-layers, for methods that decide from them how much each one loses.
 *
 * @param statistic what the scores are, for legends; empty when there are none
 * @param scores of every sub-layer that has units
 */
public record SubLayerScores(String statistic, Map<SubLayer, SubLayerScore> scores) {
  /** For methods that judge units only. */
  public static final SubLayerScores NONE = new SubLayerScores("", Map.of());

  public SubLayerScores {
    scores = Map.copyOf(scores);
  }

  public Optional<SubLayerScore> of(SubLayer subLayer) {
    return Optional.ofNullable(scores.get(subLayer));
  }

  public boolean isEmpty() {
    return scores.isEmpty();
  }
}
