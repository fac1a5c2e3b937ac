package org.espalier.workbench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job of {@link JobQueue}: its work, its state, and whoever watches. */
final class QueuedJob<T> implements Job<T>, Runnable {
  /** The work itself. */
  @FunctionalInterface
  interface Work<T> {
    T run(Progress progress) throws Exception;
  }

  private static final String TRACE = "org.slf4j.simpleLogger.log.org.espalier";
  private static final Logger LOG = LoggerFactory.getLogger(QueuedJob.class);

  private final long id;
  private final String title;
  private final Work<T> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final List<Consumer<JobSnapshot>> listeners = new CopyOnWriteArrayList<>();

  private JobState state = JobState.QUEUED;
  private String stage = "Waiting";
  private long done;
  private long total;
  private long startedNanos;
  private long endedNanos;
  private String failure;
  private volatile boolean cancelRequested;

  QueuedJob(long id, String title, Work<T> work) {
    this.id = id;
    this.title = title;
    this.work = work;
  }

  @Override
  public void run() {
    synchronized (this) {
      if (state != JobState.QUEUED) {
        return;
      }
      state = JobState.RUNNING;
      stage = "Starting";
      startedNanos = System.nanoTime();
    }
    tell();
    try {
      T value = work.run(this::report);
      end(JobState.DONE, null);
      result.complete(value);
    } catch (CancelledException e) {
      end(JobState.CANCELLED, null);
      result.completeExceptionally(e);
    } catch (EspalierException e) {
      end(JobState.FAILED, e.getMessage());
      result.completeExceptionally(e);
    } catch (OutOfMemoryError e) {
      fail(
          "%s ran out of memory: close other programs, use fewer or shorter windows, or start with a larger heap."
              .formatted(title),
          e);
    } catch (Throwable e) {
      // An unexpected fault of ours still ends as one sentence; the trace shows on demand.
      LOG.debug("{} failed", title, e);
      fail(
          title + " failed: " + firstLine(e) + "; with -D" + TRACE + "=debug the log says more", e);
    }
  }

  private static String firstLine(Throwable fault) {
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    return text.lines().findFirst().orElse("unknown reason");
  }

  private void fail(String sentence, Throwable cause) {
    end(JobState.FAILED, sentence);
    result.completeExceptionally(new EspalierException(sentence, cause));
  }

  private void report(String newStage, long newDone, long newTotal) {
    if (cancelRequested) {
      throw new CancelledException();
    }
    synchronized (this) {
      stage = newStage;
      done = newDone;
      total = newTotal;
    }
    tell();
  }

  private void end(JobState newState, String sentence) {
    synchronized (this) {
      state = newState;
      failure = sentence;
      endedNanos = System.nanoTime();
      if (newState == JobState.DONE) {
        done = total;
        stage = "Done";
      }
    }
    tell();
  }

  private void tell() {
    JobSnapshot snapshot = snapshot();
    for (Consumer<JobSnapshot> listener : listeners) {
      listener.accept(snapshot);
    }
  }

  @Override
  public synchronized JobSnapshot snapshot() {
    Duration elapsed = Duration.ZERO;
    if (startedNanos != 0) {
      long until = endedNanos != 0 ? endedNanos : System.nanoTime();
      elapsed = Duration.ofNanos(until - startedNanos);
    }
    Optional<Duration> remaining = Optional.empty();
    if (state == JobState.RUNNING && done > 0 && total > 0) {
      remaining =
          Optional.of(
              Duration.ofNanos((long) (elapsed.toNanos() * ((double) (total - done) / done))));
    }
    return new JobSnapshot(
        id, title, state, stage, done, total, elapsed, remaining, Optional.ofNullable(failure));
  }

  @Override
  public CompletableFuture<T> result() {
    return result;
  }

  @Override
  public void cancel() {
    cancelRequested = true;
    boolean neverStarted;
    synchronized (this) {
      neverStarted = state == JobState.QUEUED;
      if (neverStarted) {
        state = JobState.CANCELLED;
      } else if (!state.isOver()) {
        stage = "Stopping after this step";
      }
    }
    tell();
    if (neverStarted) {
      result.completeExceptionally(new CancelledException());
    }
  }

  @Override
  public Subscription onChange(Consumer<JobSnapshot> listener) {
    listeners.add(listener);
    listener.accept(snapshot());
    return () -> listeners.remove(listener);
  }
}
