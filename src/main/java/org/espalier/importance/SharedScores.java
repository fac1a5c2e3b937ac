package org.espalier.importance;

import java.util.HashMap;
import java.util.Map;
import org.espalier.statistics.Statistics;
import org.espalier.task.EspalierException;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;

/** Numbers of sub-layers as scores with their shares; the score is the worth. */
final class SharedScores {
  private SharedScores() {}

  /**
   * @param numbers higher is more important
   * @throws EspalierException if one is not a number
   */
  static Map<SubLayer, SubLayerScore> of(
      Map<SubLayer, Double> numbers, DecoderConfig config, Statistics statistics) {
    Map<SubLayer, Double> costs = new HashMap<>();
    numbers.forEach(
        (subLayer, number) -> {
          if (!Double.isFinite(number)) {
            throw new EspalierException(
                "The score of the "
                    + subLayer.label()
                    + " is not a number; check the calibration text and the checkpoint for broken"
                    + " values.");
          }
          costs.put(subLayer, SubLayerCost.MACS.of(subLayer, config, statistics));
        });
    double sum = numbers.values().stream().mapToDouble(Double::doubleValue).sum();
    double cost = costs.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<SubLayer, SubLayerScore> scores = new HashMap<>();
    numbers.forEach(
        (subLayer, number) ->
            scores.put(
                subLayer,
                new SubLayerScore(
                    number, sum > 0 ? number / sum : 0, costs.get(subLayer) / cost, number)));
    return scores;
  }
}
