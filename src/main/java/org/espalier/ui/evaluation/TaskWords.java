package org.espalier.ui.evaluation;

import java.util.Locale;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.TaskResult;

/** Task results in words. */
public final class TaskWords {
  private TaskWords() {}

  /** "acc_norm 45.0 % ± 2.1". */
  static String metric(Metric metric) {
    return String.format(
        Locale.ROOT,
        "%s %.1f %% ± %.1f",
        metric.name(),
        100 * metric.value(),
        100 * metric.standardError());
  }

  /** One line with everything that the number depends on. */
  public static String line(TaskResult result) {
    String numbers = String.join(", ", result.metrics().stream().map(TaskWords::metric).toList());
    return result.protocol().task() + ": " + numbers + " · " + result.protocol().description();
  }
}
