package org.espalier.ui.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobEvent;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.JobState;
import org.espalier.workbench.Subscription;

/** A job that runs real steps on the executor it is given. */
final class FakeJob<T> implements Job<T> {
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final List<Consumer<JobSnapshot>> listeners = new CopyOnWriteArrayList<>();
  private final List<JobEvent> log = new CopyOnWriteArrayList<>();
  private final Gate gate;
  private final Function<Progress, T> work;
  private final FakeLane lane;
  private final Supplier<Job<T>> repetition;
  private volatile boolean cancelled;
  private volatile JobSnapshot snapshot;

  FakeJob(
      long id,
      String title,
      Gate gate,
      Function<Progress, T> work,
      FakeLane lane,
      Supplier<Job<T>> repetition) {
    this.gate = gate;
    this.work = work;
    this.lane = lane;
    this.repetition = repetition;
    snapshot =
        new JobSnapshot(
            id,
            title,
            JobState.QUEUED,
            "",
            0,
            0,
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            0);
    note("Asked for: " + title);
  }

  void run() {
    if (cancelled) {
      end(JobState.CANCELLED, Optional.empty());
      result.completeExceptionally(new CancelledException());
      return;
    }
    change(JobState.RUNNING, "", 0, 0, Optional.empty());
    try {
      T value = work.apply(this::step);
      end(JobState.DONE, Optional.empty());
      result.complete(value);
    } catch (CancelledException e) {
      end(JobState.CANCELLED, Optional.empty());
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      end(JobState.FAILED, Optional.of(e.getMessage()));
      result.completeExceptionally(e);
    }
  }

  private void step(String stage, long done, long total) {
    change(JobState.RUNNING, stage, done, total, Optional.empty());
    gate.pass(() -> cancelled);
    if (cancelled) {
      throw new CancelledException();
    }
  }

  private void end(JobState state, Optional<String> failure) {
    change(state, snapshot.stage(), snapshot.done(), snapshot.total(), failure);
  }

  private void change(
      JobState state, String stage, long done, long total, Optional<String> failure) {
    Optional<Duration> remaining =
        state == JobState.RUNNING && done > 0
            ? Optional.of(Duration.ofSeconds(2 * (total - done)))
            : Optional.empty();
    snapshot =
        new JobSnapshot(
            snapshot.id(),
            snapshot.title(),
            state,
            stage,
            done,
            total,
            Duration.ofSeconds(2 * done),
            remaining,
            failure,
            0);
    note(state == JobState.RUNNING ? stage : failure.orElse(state.name()));
    tell();
  }

  void waitBehind(int jobs) {
    snapshot =
        new JobSnapshot(
            snapshot.id(),
            snapshot.title(),
            snapshot.state(),
            "",
            0,
            0,
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            jobs);
    tell();
  }

  private void note(String words) {
    log.add(new JobEvent(Instant.EPOCH.plusSeconds(log.size()), words));
  }

  private void tell() {
    synchronized (listeners) {
      listeners.forEach(listener -> listener.accept(snapshot));
    }
  }

  @Override
  public JobSnapshot snapshot() {
    return snapshot;
  }

  @Override
  public CompletableFuture<T> result() {
    return result;
  }

  @Override
  public List<JobEvent> log() {
    return List.copyOf(log);
  }

  @Override
  public void move(int places) {
    lane.move(this, places);
  }

  @Override
  public Job<T> again() {
    return repetition.get();
  }

  @Override
  public void cancel() {
    cancelled = true;
    gate.nudge();
  }

  @Override
  public Subscription onChange(Consumer<JobSnapshot> listener) {
    synchronized (listeners) {
      listeners.add(listener);
      listener.accept(snapshot);
    }
    return () -> listeners.remove(listener);
  }
}
