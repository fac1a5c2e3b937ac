package org.espalier.cli;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
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
   * Waits for the result of a job, showing its progress.
   *
   * @param note what else to say with the progress; empty for nothing
   * @throws EspalierException if the job failed
   * @throws CancelledException if it was cancelled
   */
  <T> T await(Job<T> job, Supplier<String> note) {
    ProgressLine line = new ProgressLine(terminal, note);
    try (Subscription watching = job.onChange(line::show)) {
      return await(job, line::clear);
    }
  }

  /** As {@link #await(Job, Supplier)}, showing nothing. */
  <T> T awaitSilently(Job<T> job) {
    return await(job, () -> {});
  }

  private <T> T await(Job<T> job, Runnable clear) {
    Thread stop = new Thread(() -> stop(job, clear), "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      return resultOf(job);
    } finally {
      clear.run();
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
  private void stop(Job<?> job, Runnable clear) {
    job.cancel();
    clear.run();
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
