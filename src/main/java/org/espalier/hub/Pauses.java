package org.espalier.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.espalier.task.Progress;

/**
 * How long to wait for the hub, and between two tries.
 *
 * @param patience how long a server may say nothing
 * @param share of a pause that is really waited; less than 1 only in tests
 */
record Pauses(Duration patience, double share) {
  static final Pauses USUAL = new Pauses(Duration.ofSeconds(60), 1);

  /** Waits; cancelling is noticed within a second. */
  void pause(Duration duration, Progress progress) throws IOException {
    long left = (long) (duration.toMillis() * share);
    try {
      while (left > 0) {
        progress.report("Waiting before the next try", 0, 0);
        long step = Math.min(left, 1000);
        TimeUnit.MILLISECONDS.sleep(step);
        left -= step;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
