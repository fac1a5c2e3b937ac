package org.espalier.ui.platform;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;

/**
 * The hand-over for a running toolkit. Background threads are daemons and never hold up an exit.
 */
public final class FxExecutor implements UiExecutor, AutoCloseable {
  private final ExecutorService background =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "window-background");
            thread.setDaemon(true);
            return thread;
          });

  @Override
  public void onUi(Runnable action) {
    Platform.runLater(action);
  }

  @Override
  public void onUiAfter(Duration delay, Runnable action) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, Platform::runLater)
        .execute(action);
  }

  @Override
  public void inBackground(Runnable work) {
    try {
      background.execute(work);
    } catch (RejectedExecutionException closing) {
      // The window is closing; nobody is left to see the outcome.
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
  }
}
