package org.espalier.evaluation.tasks;

import java.util.List;
import java.util.Map;

/**
 * How a model answered one item.
 *
 * @param item index in the data set, from 0
 * @param gold index of the right answer; -1 for tasks that are answered freely
 * @param logLikelihoods one for each given answer, in nats; empty for tasks that are answered
 *     freely
 * @param scores by name of the metric; 0 or 1 for questions that are right or wrong
 * @param answer what the model wrote; empty for given answers
 */
public record ItemResult(
    int item, int gold, List<Double> logLikelihoods, Map<String, Double> scores, String answer) {
  public ItemResult {
    logLikelihoods = List.copyOf(logLikelihoods);
    scores = Map.copyOf(scores);
  }
}
