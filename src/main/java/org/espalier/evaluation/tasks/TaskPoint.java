package org.espalier.evaluation.tasks;

import java.util.List;

/**
 * A task as it runs.
 *
 * @param done items so far
 * @param items in all
 * @param metrics over the items so far
 */
public record TaskPoint(String task, int done, int items, List<Metric> metrics) {
  public TaskPoint {
    metrics = List.copyOf(metrics);
  }
}
