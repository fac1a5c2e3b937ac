package org.espalier.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
  private final JobLane lane;
  private final Supplier<Job<T>> repetition;
  private final JobLog log = new JobLog(Clock.systemUTC());
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final List<Consumer<JobSnapshot>> listeners = new CopyOnWriteArrayList<>();

  private JobState state = JobState.QUEUED;
  private String stage = "Waiting";
  private long done;
  private long total;
  private long startedNanos;
  private long endedNanos;
  private String failure;
  private int waitingBehind;
  private volatile boolean cancelRequested;

  /**
   * @param lane where it waits
   * @param repetition queues the same work once more
   */
  QueuedJob(long id, String title, Work<T> work, JobLane lane, Supplier<Job<T>> repetition) {
    this.id = id;
    this.title = title;
    this.work = work;
    this.lane = lane;
    this.repetition = repetition;
    log.note("Asked for: " + title);
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
      waitingBehind = 0;
    }
    log.note("Started");
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
      log.note(trace(e));
      fail(
          title + " failed: " + firstLine(e) + "; with -D" + TRACE + "=debug the log says more", e);
    }
  }

  private static String firstLine(Throwable fault) {
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    return text.lines().findFirst().orElse("unknown reason");
  }

  private static String trace(Throwable fault) {
    StringWriter text = new StringWriter();
    fault.printStackTrace(new PrintWriter(text));
    return text.toString().strip();
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
    log.note(newStage);
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
    log.note(
        switch (newState) {
          case DONE -> "Done";
          case CANCELLED -> "Stopped";
          default -> "Failed: " + sentence;
        });
    tell();
  }

  /**
   * Shows its state to whoever watches. Threads take turns, since a state that came late would stay
   * on show: a job that is over would seem to run for ever.
   */
  void tell() {
    synchronized (listeners) {
      JobSnapshot snapshot = snapshot();
      for (Consumer<JobSnapshot> listener : listeners) {
        listener.accept(snapshot);
      }
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
        id,
        title,
        state,
        stage,
        done,
        total,
        elapsed,
        remaining,
        Optional.ofNullable(failure),
        waitingBehind);
  }

  @Override
  public CompletableFuture<T> result() {
    return result;
  }

  @Override
  public List<JobEvent> log() {
    return log.events();
  }

  @Override
  public void move(int places) {
    lane.move(this, places);
  }

  @Override
  public Job<T> again() {
    return repetition.get();
  }

  /** Takes a place in the lane; true if it is another one. */
  synchronized boolean waitBehind(int jobs) {
    if (state != JobState.QUEUED || waitingBehind == jobs) {
      return false;
    }
    waitingBehind = jobs;
    return true;
  }

  @Override
  public void cancel() {
    boolean neverStarted;
    synchronized (this) {
      if (state.isOver()) {
        return;
      }
      cancelRequested = true;
      neverStarted = state == JobState.QUEUED;
      if (neverStarted) {
        state = JobState.CANCELLED;
      } else {
        stage = "Stopping after this step";
      }
    }
    log.note(neverStarted ? "Cancelled before its turn" : "Asked to stop");
    tell();
    if (neverStarted) {
      lane.remove(this);
      result.completeExceptionally(new CancelledException());
    }
  }

  @Override
  public Subscription onChange(Consumer<JobSnapshot> listener) {
    synchronized (listeners) {
      listeners.add(listener);
      listener.accept(snapshot());
    }
    return () -> listeners.remove(listener);
  }
}
