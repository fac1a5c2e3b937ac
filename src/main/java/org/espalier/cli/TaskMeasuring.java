package org.espalier.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.espalier.evaluation.tasks.ItemResult;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.task.EspalierException;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.TaskListing;
import org.espalier.workbench.TaskRequest;

/** Puts tasks to a model one after the other; one that fails does not stop the next. */
final class TaskMeasuring {
  private static final String TASKS = "tasks";
  private static final String FAILED = "failedTasks";

  /** How one model answers. */
  interface Subject {
    Job<TaskResult> answer(TaskRequest request, Consumer<TaskPoint> onPoint);
  }

  private final Session session;
  private final TaskOptions options;
  private final boolean again;

  TaskMeasuring(Session session, TaskOptions options, boolean again) {
    this.session = session;
    this.options = options;
    this.again = again;
  }

  /** Measures and adds what was found to a result for machines. */
  void measure(Subject subject, Map<String, Object> result) {
    TaskListing listing = session.workbench().tasks(options.data().orElseThrow());
    session.print(
        "Task files in "
            + options.data().orElseThrow()
            + ": "
            + words(listing.tasks().stream().filter(TaskListing.Entry::complete).toList()));
    Optional<OpenedCheckpoint> other = options.against().map(session::open);
    Map<String, Object> measured = new LinkedHashMap<>();
    Map<String, String> failed = new LinkedHashMap<>();
    for (String task : chosen(listing)) {
      try {
        TaskRequest request = request(task);
        TaskResult answers = answer(subject, request);
        print(answers);
        Map<String, Object> json = json(answers);
        if (other.isPresent() && answers.headline().isPresent()) {
          TaskResult before =
              answer(
                  (asked, onPoint) -> session.workbench().evaluateTask(other.get(), asked, onPoint),
                  request);
          PairedComparison comparison = PairedComparison.of(before, answers);
          session.print("  against " + other.get().name() + ": " + comparison.description());
          json.put("against", json(before));
          json.put("comparison", comparison);
        }
        measured.put(task, json);
      } catch (EspalierException e) {
        session.warn(task + " failed: " + e.getMessage());
        failed.put(task, e.getMessage());
      }
    }
    result.put(TASKS, measured);
    if (!failed.isEmpty()) {
      result.put(FAILED, failed);
    }
  }

  /** Ends the command with a failure if tasks failed, once everything else is written. */
  static void complain(Map<String, Object> result) {
    if (result.get(FAILED) instanceof Map<?, ?> failed) {
      Map<?, ?> measured = (Map<?, ?>) result.get(TASKS);
      throw new EspalierException(
          failed.size()
              + " of "
              + (failed.size() + measured.size())
              + (measured.isEmpty()
                  ? " tasks failed."
                  : " tasks failed; the others are measured."));
    }
  }

  private List<String> chosen(TaskListing listing) {
    if (!options.tasks().contains("all")) {
      return options.tasks();
    }
    return listing.tasks().stream()
        .filter(entry -> entry.complete() && !entry.generates())
        .map(TaskListing.Entry::task)
        .toList();
  }

  private TaskRequest request(String task) {
    return new TaskRequest(
        task,
        options.data().orElseThrow(),
        options.profile(),
        options.limit(),
        options.completions(),
        again);
  }

  private TaskResult answer(Subject subject, TaskRequest request) {
    AtomicReference<TaskPoint> latest = new AtomicReference<>();
    return session.await(
        subject.answer(request, latest::set),
        () ->
            Optional.ofNullable(latest.get())
                .flatMap(point -> point.metrics().stream().findFirst())
                .map(TaskMeasuring::words)
                .orElse(""));
  }

  private void print(TaskResult result) {
    List<String> numbers = result.metrics().stream().map(TaskMeasuring::words).toList();
    session.print(
        result.protocol().task()
            + ": "
            + (numbers.isEmpty() ? "" : String.join(", ", numbers) + ", ")
            + result.items().size()
            + " items, "
            + Units.seconds(result.seconds()));
    session.print("  " + result.protocol().description());
    result.warnings().forEach(warning -> session.warn("Warning: " + warning));
  }

  private static String words(Metric metric) {
    return String.format(
        Locale.ROOT,
        "%s %.2f %% (± %.2f)",
        metric.name(),
        100 * metric.value(),
        100 * metric.standardError());
  }

  private static String words(List<TaskListing.Entry> found) {
    return found.isEmpty()
        ? "none of a known task"
        : String.join(
            ", ", found.stream().map(entry -> entry.task() + " (" + entry.file() + ")").toList());
  }

  private Map<String, Object> json(TaskResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (Metric metric : result.metrics()) {
      json.put(metric.name(), metric.value());
      json.put(metric.name() + "_stderr", metric.standardError());
    }
    result
        .headline()
        .ifPresent(
            metric -> {
              json.put("metric", metric.name());
              json.put("stderr", metric.standardError());
            });
    json.put("items", result.items().size());
    json.put("seconds", result.seconds());
    json.put("warnings", result.warnings());
    json.put("protocol", result.protocol());
    if (options.logSamples()) {
      List<ItemResult> samples = new ArrayList<>(result.items());
      json.put("samples", samples);
    }
    return json;
  }
}
