package org.espalier.workspace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.task.EspalierException;

/**
 * How the task results of a run are written: {@code tasks.json} lists them without their items, a
 * file for each in {@code tasks/} holds everything. Runs are listed often, and ten thousand items
 * are not needed for that.
 */
final class TaskFiles {
  private static final String LIST = "tasks.json";
  private static final String FOLDER = "tasks";
  private static final int FORMAT = 1;

  private TaskFiles() {}

  private record ListFile(int format, List<TaskResult> tasks) {}

  static List<TaskResult> summaries(Path run) {
    Path file = run.resolve(LIST);
    if (!Files.exists(file)) {
      return List.of();
    }
    ListFile list = JsonFile.read(file, ListFile.class);
    if (list.format() != FORMAT) {
      throw new EspalierException(
          file
              + " has format "
              + list.format()
              + ", which this version cannot read; use a newer version");
    }
    return list.tasks();
  }

  /** Adds a result to those that are known; one of the same protocol is replaced. */
  static void write(Path run, List<TaskResult> known, TaskResult result) {
    Folders.create(run.resolve(FOLDER));
    JsonFile.write(file(run, result.protocol()), result);
    List<TaskResult> all = new ArrayList<>(known);
    all.removeIf(earlier -> earlier.protocol().equals(result.protocol()));
    all.add(result.summary());
    JsonFile.write(run.resolve(LIST), new ListFile(FORMAT, all));
  }

  static TaskResult read(Path run, TaskProtocol protocol) {
    return JsonFile.read(file(run, protocol), TaskResult.class);
  }

  private static Path file(Path run, TaskProtocol protocol) {
    String key = Journal.sha256(protocol.toString()).substring(0, 16);
    return run.resolve(FOLDER).resolve(protocol.task() + "-" + key + ".json");
  }
}
