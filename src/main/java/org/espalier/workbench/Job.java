package org.espalier.workbench;

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

  /** Asks the job to stop at its next step; returns at once. */
  void cancel();

  /**
   * Calls the listener with every change, on the job's thread, beginning with the present state.
   */
  Subscription onChange(Consumer<JobSnapshot> listener);
}
