package org.espalier.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Jobs that take turns on one thread; those that wait can change places. Thread-safe. */
final class JobLane {
  private final ExecutorService thread;
  private final List<QueuedJob<?>> waiting = new ArrayList<>();

  JobLane(ThreadFactory threads) {
    thread = Executors.newSingleThreadExecutor(threads);
  }

  void add(QueuedJob<?> job) {
    change(() -> waiting.add(job));
    thread.execute(this::runNext);
  }

  /** Each job that was added has the thread run one; which one is settled only then. */
  private void runNext() {
    List<QueuedJob<?>> next = new ArrayList<>();
    change(
        () -> {
          if (!waiting.isEmpty()) {
            next.add(waiting.remove(0));
          }
        });
    next.forEach(QueuedJob::run);
  }

  /** Moves a waiting job by places, towards the front for negative ones. */
  void move(QueuedJob<?> job, int places) {
    change(
        () -> {
          int from = waiting.indexOf(job);
          if (from >= 0) {
            waiting.remove(from);
            waiting.add(Math.max(0, Math.min(waiting.size(), from + places)), job);
          }
        });
  }

  /** Forgets a job that was cancelled before its turn. */
  void remove(QueuedJob<?> job) {
    change(() -> waiting.remove(job));
  }

  /** Changes who waits; those with another place then are told, outside of the lock. */
  private void change(Runnable change) {
    List<QueuedJob<?>> moved = new ArrayList<>();
    synchronized (waiting) {
      change.run();
      for (int place = 0; place < waiting.size(); place++) {
        if (waiting.get(place).waitBehind(place)) {
          moved.add(waiting.get(place));
        }
      }
    }
    moved.forEach(QueuedJob::tell);
  }

  void shutDown() {
    thread.shutdown();
  }

  void awaitEnd() throws InterruptedException {
    thread.awaitTermination(1, TimeUnit.MINUTES);
  }
}
