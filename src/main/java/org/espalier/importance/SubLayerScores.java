package org.espalier.importance;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * Scores of whole sub-layers, for methods that decide from them how much each one loses.
 *
 * @param statistic what the scores are, for legends; empty when there are none
 * @param symbol the same as papers write it, where a legend has room for five letters
 * @param scores of every sub-layer that has units
 * @param spans per block, how much the n blocks from it on change the residual stream together, for
 *     n = 1, 2, ...; empty unless measured
 */
public record SubLayerScores(
    String statistic, String symbol, Map<SubLayer, SubLayerScore> scores, List<double[]> spans) {
  /** For methods that judge units only. */
  public static final SubLayerScores NONE = new SubLayerScores("", "", Map.of());

  public SubLayerScores {
    scores = Map.copyOf(scores);
    spans = List.copyOf(spans);
  }

  public SubLayerScores(String statistic, String symbol, Map<SubLayer, SubLayerScore> scores) {
    this(statistic, symbol, scores, List.of());
  }

  public Optional<SubLayerScore> of(SubLayer subLayer) {
    return Optional.ofNullable(scores.get(subLayer));
  }

  public boolean isEmpty() {
    return scores.isEmpty();
  }
}
