package org.espalier.workbench;

import java.util.List;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.task.EspalierException;
import org.espalier.workspace.Run;
import org.espalier.workspace.Workspace;

/** Looks up what is known of a run's dense model under the run's own protocols. */
final class ComparedRunWork {
  private final Workspace workspace;
  private final EvaluationWork evaluation;
  private final TaskWork tasks;

  ComparedRunWork(Workspace workspace, EvaluationWork evaluation, TaskWork tasks) {
    this.workspace = workspace;
    this.evaluation = evaluation;
    this.tasks = tasks;
  }

  ComparedRun of(Run run) {
    List<PerplexityResult> dense =
        run.perplexities().stream()
            .map(PerplexityResult::protocol)
            .distinct()
            .flatMap(protocol -> evaluation.known(run.checkpointHash(), protocol).stream())
            .toList();
    return new ComparedRun(
        run, dense, run.tasks().stream().map(result -> task(run, result)).toList());
  }

  private ComparedRun.AgainstDense task(Run run, TaskResult summary) {
    return ComparedRun.AgainstDense.of(
        withItems(run, summary), tasks.known(run.checkpointHash(), summary.protocol()));
  }

  /** The numbers stand without their items, too, if the file with these is damaged. */
  private TaskResult withItems(Run run, TaskResult summary) {
    try {
      return workspace.task(run, summary.protocol());
    } catch (EspalierException e) {
      return summary;
    }
  }
}
