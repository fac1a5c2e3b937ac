package org.espalier.ui.session;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobState;

/** Brings what background work yields to the UI thread, and its failures to the notices. */
public final class JobFollower {
  private final UiExecutor executor;
  private final Notices notices;
  private final UnfinishedJobs unfinished;
  private final Map<Job<?>, Supplier<Job<?>>> repetitions =
      Collections.synchronizedMap(new IdentityHashMap<>());

  public JobFollower(UiExecutor executor, Notices notices) {
    this.executor = executor;
    this.notices = notices;
    this.unfinished = new UnfinishedJobs(executor);
  }

  /** Those that can be asked for again after the program ended. */
  public UnfinishedJobs unfinished() {
    return unfinished;
  }

  /** Hands the job's result over once it is there. */
  public <T> Job<T> follow(Job<T> job, Consumer<? super T> onDone) {
    return follow(job, onDone, () -> {});
  }

  /** As {@link #follow(Job, Consumer)}; {@code onEnd} comes last, whatever the outcome. */
  public <T> Job<T> follow(Job<T> job, Consumer<? super T> onDone, Runnable onEnd) {
    return follow(job, onDone, notices::tell, onEnd);
  }

  /**
   * As {@link #follow(Job, Consumer, Runnable)}, for those who tell failures in their own place.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // Every outcome ends in one of the consumers.
  public <T> Job<T> follow(
      Job<T> job, Consumer<? super T> onDone, Consumer<Throwable> onFailure, Runnable onEnd) {
    repetitions.put(job, () -> follow(job.again(), onDone, onFailure, onEnd));
    job.result()
        .whenComplete(
            (result, failure) ->
                executor.onUi(
                    () -> {
                      if (job.snapshot().state() != JobState.FAILED) {
                        repetitions.remove(job);
                      }
                      if (failure == null) {
                        onDone.accept(result);
                      } else {
                        onFailure.accept(failure);
                      }
                      onEnd.run();
                    }));
    return job;
  }

  /** Tries a failed job once more; whoever waited for its result gets that of the new attempt. */
  public void repeat(Job<?> failed) {
    failed.snapshot().failure().ifPresent(notices::dismiss);
    Supplier<Job<?>> repetition = repetitions.remove(failed);
    unfinished.repeated(failed, repetition == null ? failed.again() : repetition.get());
  }

  /** Short work that may wait for a disk or for the engine. */
  public void inBackground(Runnable work) {
    ask(
        () -> {
          work.run();
          return null;
        },
        nothing -> {});
  }

  /** As {@link #inBackground}, with an answer for the UI thread. */
  public <T> void ask(Supplier<T> question, Consumer<? super T> onAnswer) {
    executor.inBackground(
        () -> {
          try {
            T answer = question.get();
            executor.onUi(() -> onAnswer.accept(answer));
          } catch (RuntimeException failure) {
            executor.onUi(() -> notices.tell(failure));
          }
        });
  }
}
