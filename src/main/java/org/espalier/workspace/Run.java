package org.espalier.workspace;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.tasks.TaskResult;

/**
 * One pruned variant of a checkpoint, as the workspace keeps it. Its plan never changes; name and
 * measurements are added beside it. A run that was recovered from another one by training has that
 * one's plan.
 *
 * @param id folder name in the workspace
 * @param name shown to people
 * @param folder holds the pruned checkpoint, plan.json and run.json
 * @param checkpoint folder of the dense model
 * @param checkpointHash content hash of the dense model
 * @param parameters of the method, by name
 * @param parametersBefore of the dense model
 * @param parametersAfter of the pruned model, added biases included
 * @param bytes size of the pruned weights
 * @param perplexities measured so far, newest last
 * @param recoveredFrom how its weights were trained; empty for a run that was only pruned
 * @param tasks measured so far, newest last, without their single items
 * @param notes what people wrote about it; empty without
 */
public record Run(
    String id,
    String name,
    Path folder,
    Path checkpoint,
    String checkpointHash,
    String method,
    Map<String, String> parameters,
    Target target,
    Locks locks,
    Allocation allocation,
    Ratios ratios,
    long parametersBefore,
    long parametersAfter,
    long bytes,
    double seconds,
    long peakMemoryBytes,
    Instant created,
    List<PerplexityResult> perplexities,
    Optional<SpeedComparison> speed,
    Optional<RecoveredFrom> recoveredFrom,
    List<TaskResult> tasks,
    String notes) {
  public Run {
    parameters = Map.copyOf(parameters);
    perplexities = List.copyOf(perplexities);
    tasks = List.copyOf(tasks);
  }

  /** A run without notes. */
  public Run(
      String id,
      String name,
      Path folder,
      Path checkpoint,
      String checkpointHash,
      String method,
      Map<String, String> parameters,
      Target target,
      Locks locks,
      Allocation allocation,
      Ratios ratios,
      long parametersBefore,
      long parametersAfter,
      long bytes,
      double seconds,
      long peakMemoryBytes,
      Instant created,
      List<PerplexityResult> perplexities,
      Optional<SpeedComparison> speed,
      Optional<RecoveredFrom> recoveredFrom,
      List<TaskResult> tasks) {
    this(
        id,
        name,
        folder,
        checkpoint,
        checkpointHash,
        method,
        parameters,
        target,
        locks,
        allocation,
        ratios,
        parametersBefore,
        parametersAfter,
        bytes,
        seconds,
        peakMemoryBytes,
        created,
        perplexities,
        speed,
        recoveredFrom,
        tasks,
        "");
  }

  /** A run that was only pruned, without task results. */
  public Run(
      String id,
      String name,
      Path folder,
      Path checkpoint,
      String checkpointHash,
      String method,
      Map<String, String> parameters,
      Target target,
      Locks locks,
      Allocation allocation,
      Ratios ratios,
      long parametersBefore,
      long parametersAfter,
      long bytes,
      double seconds,
      long peakMemoryBytes,
      Instant created,
      List<PerplexityResult> perplexities,
      Optional<SpeedComparison> speed) {
    this(
        id,
        name,
        folder,
        checkpoint,
        checkpointHash,
        method,
        parameters,
        target,
        locks,
        allocation,
        ratios,
        parametersBefore,
        parametersAfter,
        bytes,
        seconds,
        peakMemoryBytes,
        created,
        perplexities,
        speed,
        Optional.empty(),
        List.of());
  }

  /** The same run under another name. */
  public Run named(String otherName) {
    return new Run(
        id,
        otherName,
        folder,
        checkpoint,
        checkpointHash,
        method,
        parameters,
        target,
        locks,
        allocation,
        ratios,
        parametersBefore,
        parametersAfter,
        bytes,
        seconds,
        peakMemoryBytes,
        created,
        perplexities,
        speed,
        recoveredFrom,
        tasks,
        notes);
  }

  /** The same run with other notes. */
  public Run noted(String otherNotes) {
    return new Run(
        id,
        name,
        folder,
        checkpoint,
        checkpointHash,
        method,
        parameters,
        target,
        locks,
        allocation,
        ratios,
        parametersBefore,
        parametersAfter,
        bytes,
        seconds,
        peakMemoryBytes,
        created,
        perplexities,
        speed,
        recoveredFrom,
        tasks,
        otherNotes);
  }
}
