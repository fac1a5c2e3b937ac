package org.espalier.cli;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.workbench.Job;
import org.espalier.workbench.Subscription;

/**
 * Waits for jobs, shows their progress, and stops them cleanly when the process is asked to end.
 */
final class JobRunner {
  private static final int SECONDS_TO_STOP = 30;

  private final Terminal terminal;

  JobRunner(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Waits for the result of a job.
   *
   * @throws EspalierException if the job failed
   * @throws CancelledException if it was cancelled
   */
  <T> T await(Job<T> job) {
    ProgressLine line = new ProgressLine(terminal);
    Thread stop = new Thread(() -> stop(job, line), "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try (Subscription watching = job.onChange(line::show)) {
      return resultOf(job);
    } finally {
      line.clear();
      removeHook(stop);
    }
  }

  private static <T> T resultOf(Job<T> job) {
    try {
      return job.result().get();
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } catch (CancellationException e) {
      throw new CancelledException();
    } catch (InterruptedException e) {
      job.cancel();
      Thread.currentThread().interrupt();
      throw new CancelledException();
    }
  }

  private static RuntimeException unwrapped(Throwable cause) {
    if (cause instanceof CompletionException && cause.getCause() != null) {
      return unwrapped(cause.getCause());
    }
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    return new IllegalStateException(cause);
  }

  /** Runs when Ctrl-C ends the process: lets the job reach its next step and write its journal. */
  private void stop(Job<?> job, ProgressLine line) {
    job.cancel();
    line.clear();
    terminal.err().println("Stopping at the next step; the same command goes on from there");
    try {
      job.result().get(SECONDS_TO_STOP, TimeUnit.SECONDS);
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      // However it ends, the process ends now; finished steps are on disk.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // The process is ending: the hook is what ended the job.
      return;
    }
  }
}
