package org.espalier.ui.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobState;
import org.espalier.workspace.UnfinishedJob;

/**
 * Jobs that can be asked for again after the program ended: those of this window while they run or
 * wait, and those of an earlier one that nobody has decided about. Used on the UI thread.
 */
public final class UnfinishedJobs {
  private final UiExecutor executor;
  private final Map<Job<?>, UnfinishedJob> running = new LinkedHashMap<>();
  private final Map<Job<?>, UnfinishedJob> failed = new WeakHashMap<>();
  private final List<UnfinishedJob> leftOver = new ArrayList<>();
  private final List<Runnable> listeners = new ArrayList<>();

  public UnfinishedJobs(UiExecutor executor) {
    this.executor = executor;
  }

  /** Remembers how to ask for the job again until it is over. */
  @SuppressWarnings("FutureReturnValueIgnored") // Every outcome ends in the same step.
  public void track(Job<?> job, UnfinishedJob description) {
    leftOver.remove(description);
    running.put(job, description);
    tell();
    job.result()
        .whenComplete(
            (result, failure) ->
                executor.onUi(
                    () -> {
                      running.remove(job);
                      if (job.snapshot().state() == JobState.FAILED) {
                        failed.put(job, description);
                      }
                      tell();
                    }));
  }

  /** Remembers a new attempt at a failed job as that one was remembered. */
  void repeated(Job<?> before, Job<?> again) {
    UnfinishedJob description = failed.remove(before);
    if (description != null) {
      track(again, description);
    }
  }

  /** Takes what an earlier window left. */
  public void leftOver(List<UnfinishedJob> jobs) {
    leftOver.addAll(jobs);
    tell();
  }

  /** Forgets one that an earlier window left. */
  public void forget(UnfinishedJob job) {
    leftOver.remove(job);
    tell();
  }

  /** Everything that would have to be asked for again. */
  public List<UnfinishedJob> jobs() {
    List<UnfinishedJob> all = new ArrayList<>(leftOver);
    all.addAll(running.values());
    return all;
  }

  /** True for a job that goes on where it stood. */
  public boolean resumes(Job<?> job) {
    return running.containsKey(job) && running.get(job).goesOn();
  }

  /** Calls the listener with every change. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }
}
