package org.espalier.workbench;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One after the other, in the order of asking unless somebody changes it: the compute queue of a
 * device, and beside it one for downloads.
 */
final class JobQueue implements AutoCloseable {
  private final JobLane device;
  private final JobLane network;
  private final AtomicLong nextId = new AtomicLong(1);
  private final List<Job<?>> jobs = new CopyOnWriteArrayList<>();
  private final List<Consumer<Job<?>>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param threads makes the one thread that touches the device
   */
  JobQueue(ThreadFactory threads) {
    device = new JobLane(threads);
    network =
        new JobLane(
            work -> {
              Thread thread = new Thread(work, "network");
              thread.setDaemon(true);
              return thread;
            });
  }

  <T> Job<T> submit(String title, QueuedJob.Work<T> work) {
    return submit(title, work, device);
  }

  /** Work that waits for the network and touches no device: beside the others. */
  <T> Job<T> submitDownload(String title, QueuedJob.Work<T> work) {
    return submit(title, work, network);
  }

  private <T> Job<T> submit(String title, QueuedJob.Work<T> work, JobLane lane) {
    QueuedJob<T> job =
        new QueuedJob<>(
            nextId.getAndIncrement(), title, work, lane, () -> submit(title, work, lane));
    jobs.add(job);
    for (Consumer<Job<?>> listener : listeners) {
      listener.accept(job);
    }
    lane.add(job);
    return job;
  }

  List<Job<?>> jobs() {
    return List.copyOf(jobs);
  }

  Subscription onJob(Consumer<Job<?>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Cancels everything and waits until the threads have stopped at a step. */
  @Override
  public void close() {
    jobs.forEach(Job::cancel);
    device.shutDown();
    network.shutDown();
    try {
      device.awaitEnd();
      network.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
