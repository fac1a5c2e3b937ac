package org.espalier.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.corpus.Tokenizer;
import org.espalier.evaluation.tasks.ItemResult;
import org.espalier.evaluation.tasks.TaskCatalogue;
import org.espalier.evaluation.tasks.TaskEvaluation;
import org.espalier.evaluation.tasks.TaskFolder;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.task.Progress;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/** Measures tasks; a killed or cancelled one goes on behind its last saved item. */
final class TaskWork {
  private static final String KIND = "task";

  private final Workspace workspace;
  private final TaskCatalogue catalogue = TaskCatalogue.standard();

  TaskWork(Workspace workspace) {
    this.workspace = workspace;
  }

  TaskListing listing(Path folder) {
    TaskFolder tasks = new TaskFolder(folder);
    return new TaskListing(
        tasks.find(catalogue).stream()
            .map(
                found ->
                    new TaskListing.Entry(
                        found.task().name(),
                        found.task().title(),
                        found.file().map(file -> file.getFileName().toString()).orElse(""),
                        found.missing(),
                        found.task().kind().generates()))
            .toList(),
        tasks.unknownFiles(catalogue));
  }

  /** The title of a task, for people. */
  String title(String task) {
    return catalogue.named(task).title();
  }

  TaskResult measure(
      OpenModel model, TaskRequest request, Consumer<TaskPoint> onPoint, Progress progress) {
    Tokenizer tokenizer = model.requireTokenizer("a task");
    TaskFolder.Found found =
        new TaskFolder(request.folder()).require(catalogue.named(request.task()));
    TaskEvaluation evaluation =
        TaskEvaluation.prepare(
            found, model.decoder(), tokenizer, request.profile(), request.limit());
    String key = model.checkpoint().hash(progress) + "\n" + evaluation.protocol();
    Optional<TaskResult> known =
        request.again() ? Optional.empty() : workspace.results().find(KIND, key, TaskResult.class);
    if (known.isPresent()) {
      int items = known.get().items().size();
      onPoint.accept(new TaskPoint(request.task(), items, items, known.get().metrics()));
    }
    TaskResult result = known.orElseGet(() -> measureNew(evaluation, key, onPoint, progress));
    for (String warning :
        Overlap.warnings(
            model.checkpoint().folder(),
            () -> evaluation.texts().stream().map(tokenizer::encode).toList())) {
      result = result.warning(warning);
    }
    return evaluation.writesCode() ? withCompletions(model, evaluation, request, result) : result;
  }

  /** What was measured before on the model with this hash, with its items. */
  Optional<TaskResult> known(String checkpointHash, TaskProtocol protocol) {
    return workspace.results().find(KIND, checkpointHash + "\n" + protocol, TaskResult.class);
  }

  private TaskResult measureNew(
      TaskEvaluation evaluation, String key, Consumer<TaskPoint> onPoint, Progress progress) {
    try (Journal journal = workspace.journal(KIND, key)) {
      List<ItemResult> finished = new ArrayList<>();
      journal.entries(ItemResult[].class).forEach(saved -> finished.addAll(List.of(saved)));
      TaskResult result = evaluation.run(finished, journal::append, onPoint, progress);
      Kept.orTold(words(result), () -> workspace.results().store(KIND, key, result));
      journal.complete();
      return result;
    }
  }

  /** The number in words. */
  static String words(TaskResult result) {
    return result.protocol().task()
        + result
            .headline()
            .map(
                metric ->
                    String.format(
                        Locale.ROOT,
                        " (%s %.2f %% ± %.2f)",
                        metric.name(),
                        100 * metric.value(),
                        100 * metric.standardError()))
            .orElse("");
  }

  /** Code is judged by its official checker; the result says where its input lies. */
  private TaskResult withCompletions(
      OpenModel model, TaskEvaluation evaluation, TaskRequest request, TaskResult result) {
    String name = model.checkpoint().folder().getFileName() + "-" + request.task() + ".jsonl";
    Path file =
        request
            .completions()
            .orElseGet(() -> workspace.folder().resolve("completions").resolve(name));
    evaluation.writeCompletions(result, file);
    return result.warning(
        "The completions are in " + file + " for the official checker; nothing was run here");
  }
}
