package org.espalier.evaluation.tasks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One model's answers to one task.
 *
 * @param metrics the one for tables first; none for tasks that are judged elsewhere
 * @param items in the order of the data set
 * @param seconds wall time of the last sitting
 * @param warnings what a reader of the number has to know, in sentences
 */
public record TaskResult(
    TaskProtocol protocol,
    List<Metric> metrics,
    List<ItemResult> items,
    double seconds,
    List<String> warnings) {
  public TaskResult {
    metrics = List.copyOf(metrics);
    items = List.copyOf(items);
    warnings = List.copyOf(warnings);
  }

  public Optional<Metric> metric(String name) {
    return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
  }

  /** The number for tables. */
  public Optional<Metric> headline() {
    return metrics.stream().findFirst();
  }

  /** The same result with one more sentence. */
  public TaskResult warning(String sentence) {
    return new TaskResult(
        protocol,
        metrics,
        items,
        seconds,
        Stream.concat(warnings.stream(), Stream.of(sentence)).toList());
  }

  /** Without the single items, for lists and tables. */
  public TaskResult summary() {
    return new TaskResult(protocol, metrics, List.of(), seconds, warnings);
  }
}
