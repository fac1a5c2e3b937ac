package org.espalier.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.espalier.task.EspalierException;

/**
 * Prepares threads for tensor work. Two native switches are thread-local and have the wrong
 * default: gradient recording is on, and the graph executor spends milliseconds on optimising each
 * new input shape, which gains nothing here.
 */
public final class TorchThreads {
  private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

  private TorchThreads() {}

  /** Prepares the calling thread once; cheap when it is prepared already. */
  public static void prepareCurrent() {
    if (!PREPARED.get()) {
      TorchRuntime.shared().awaitReady();
      switchOff();
    }
  }

  /** As {@link #prepareCurrent} while the runtime itself is still starting. */
  static void switchOff() {
    JniUtils.setGradMode(false);
    JniUtils.setGraphExecutorOptimize(false);
    PREPARED.set(true);
  }

  /** Daemon threads named {@code name-1}, {@code name-2}, ... that prepare themselves. */
  public static ThreadFactory factory(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread =
          new Thread(
              () -> {
                prepareCurrent();
                task.run();
              },
              name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Sets how many cores one operation may use, for every thread. More than the machine has would
   * only make them wait for each other, so no more are used.
   *
   * @throws EspalierException if it is none
   */
  public static void setOperationThreads(int threads) {
    if (threads < 1) {
      throw new EspalierException(
          "Computing needs at least one thread, not " + threads + "; choose 1 or more.");
    }
    prepareCurrent();
    JniUtils.setNumThreads(Math.min(threads, Runtime.getRuntime().availableProcessors()));
  }
}
