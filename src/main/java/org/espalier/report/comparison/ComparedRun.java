package org.espalier.report.comparison;

import java.util.List;
import java.util.Optional;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.workspace.Run;

/**
 * A run with what is known of its dense model under the run's own protocols.
 *
 * @param densePerplexities of the dense model
 * @param tasks every task that was put to the run
 */
public record ComparedRun(
    Run run, List<PerplexityResult> densePerplexities, List<AgainstDense> tasks) {
  public ComparedRun {
    densePerplexities = List.copyOf(densePerplexities);
    tasks = List.copyOf(tasks);
  }

  /**
   * A task's result beside the dense model's.
   *
   * @param pruned of the run, without single items
   * @param dense under the same protocol, without single items; empty if it was not measured
   * @param difference on the same items; empty where nothing can be paired
   */
  public record AgainstDense(
      TaskResult pruned, Optional<TaskResult> dense, Optional<PairedComparison> difference) {
    /** Pairs two results with their items. */
    public static AgainstDense of(TaskResult pruned, Optional<TaskResult> dense) {
      return new AgainstDense(
          pruned.summary(),
          dense.map(TaskResult::summary),
          dense
              .filter(
                  before ->
                      before.headline().isPresent()
                          && before.protocol().equals(pruned.protocol())
                          && !pruned.items().isEmpty()
                          && before.items().size() == pruned.items().size())
              .map(before -> PairedComparison.of(before, pruned)));
    }
  }
}
