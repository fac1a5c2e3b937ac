package org.espalier.ui.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.workbench.TaskRequest;
import org.espalier.workspace.Orders;

/**
 * Tasks of this session as they run, and their results with every item. Points come in from any
 * thread, everything else belongs to the UI thread.
 */
public final class TaskMeasurements {
  private final UiExecutor executor;
  private final Map<String, Map<String, TaskPoint>> running = new LinkedHashMap<>();
  private final Map<String, List<TaskResult>> results = new LinkedHashMap<>();
  private Orders denseOrders = Orders.NONE;
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper();

  public TaskMeasurements(UiExecutor executor) {
    this.executor = executor;
  }

  /** Grows with every change. */
  public ReadOnlyLongProperty revision() {
    return revision.getReadOnlyProperty();
  }

  /**
   * A task begins; the returned sink may be used by any thread.
   *
   * @param model a run's id, or empty for the dense model
   */
  Consumer<TaskPoint> begin(String model) {
    return point ->
        executor.onUi(
            () -> {
              running.computeIfAbsent(model, id -> new LinkedHashMap<>()).put(point.task(), point);
              changed();
            });
  }

  /** A task is complete. */
  void finish(String model, TaskRequest request, TaskResult result) {
    List<TaskResult> known = results.computeIfAbsent(model, id -> new ArrayList<>());
    known.removeIf(earlier -> earlier.protocol().equals(result.protocol()));
    known.add(result);
    if (model.isEmpty()) {
      denseOrders = denseOrders.with(request.order(result.protocol()));
    }
    changed();
  }

  /** A task ended, whatever its outcome. */
  void end(String model, String task) {
    running.getOrDefault(model, Map.of()).remove(task);
    changed();
  }

  /** Tasks of a model that run now. */
  List<TaskPoint> running(String model) {
    return List.copyOf(running.getOrDefault(model, Map.of()).values());
  }

  /** Results of this session. */
  List<TaskResult> results(String model) {
    return List.copyOf(results.getOrDefault(model, List.of()));
  }

  /** How the dense model's results were asked for. */
  List<Orders.TaskOrder> denseOrders() {
    return denseOrders.tasks();
  }

  /** The result of a model under the protocol of another one's. */
  Optional<TaskResult> counterpart(String model, TaskResult other) {
    return results(model).stream()
        .filter(result -> result.protocol().equals(other.protocol()))
        .findFirst();
  }

  /** Another checkpoint is open: what was measured on the former dense model is not its own. */
  void forgetDense() {
    running.remove("");
    results.remove("");
    denseOrders = Orders.NONE;
    changed();
  }

  private void changed() {
    revision.set(revision.get() + 1);
  }
}
