package org.espalier.workbench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Work in the background. Thread-safe. */
public interface Job<T> {
  JobSnapshot snapshot();

  /**
   * Completes with the result, with the failure, or with {@link
   * org.espalier.task.CancelledException}. Callbacks run on the job's thread: hand over to your own
   * thread at once.
   */
  CompletableFuture<T> result();

  /** What happened to it and when, oldest first. */
  List<JobEvent> log();

  /**
   * Lets a waiting job change places with others of its queue; towards the front for negative
   * places. Does nothing to one that runs or is over.
   */
  void move(int places);

  /** Queues the same work once more, with the same settings. */
  Job<T> again();

  /** Asks the job to stop at its next step; returns at once. */
  void cancel();

  /**
   * Calls the listener with every change, on the job's thread, beginning with the present state.
   */
  Subscription onChange(Consumer<JobSnapshot> listener);
}
