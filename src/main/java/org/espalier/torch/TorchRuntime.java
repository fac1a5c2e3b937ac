package org.espalier.torch;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.espalier.task.EspalierException;

/**
 * The tensor engine of this process: started once, in the background, with a state that can be
 * watched. Unpacking the native library the first time takes seconds, so a window starts it early
 * and shows the state; everything else simply waits in {@link #awaitReady}.
 */
public final class TorchRuntime {
  private static final TorchRuntime SHARED =
      new TorchRuntime(new PyTorchLoader(LibtorchSource.fromSetting(sourceSetting())));

  private final EngineLoader loader;
  private final List<Consumer<EngineState>> watchers = new CopyOnWriteArrayList<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile EngineState state =
      EngineState.of(EngineState.Phase.IDLE, "The engine is not started.");
  private volatile NDManager root;
  private boolean started;

  TorchRuntime(EngineLoader loader) {
    this.loader = loader;
  }

  /** The one engine of this process. */
  public static TorchRuntime shared() {
    return SHARED;
  }

  /**
   * Keeps every library of the engine off the network for this process. Belongs first into a main
   * method: libraries that share the engine's settings, such as the tokenizers, read them once.
   */
  public static void stayOffline() {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    if (!(LibtorchSource.fromSetting(sourceSetting()) instanceof LibtorchSource.Download)) {
      System.setProperty("ai.djl.offline", "true");
    }
  }

  private static String sourceSetting() {
    String property = System.getProperty(LibtorchSource.PROPERTY);
    return property != null ? property : System.getenv("ESPALIER_LIBTORCH");
  }

  /** Starts the engine in the background unless that was done before; returns at once. */
  public synchronized void start() {
    if (!started) {
      started = true;
      Thread thread = new Thread(this::bringUp, "torch-start");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Where the engine stands now. */
  public EngineState state() {
    return state;
  }

  /**
   * Tells a watcher the present state and every later one, on the thread that changes it.
   *
   * @return stops watching
   */
  public Runnable watch(Consumer<EngineState> watcher) {
    watchers.add(watcher);
    watcher.accept(state);
    return () -> watchers.remove(watcher);
  }

  /**
   * Waits until the engine is ready, starting it when needed.
   *
   * @throws EspalierException with reason and remedy if it cannot be started
   */
  public void awaitReady() {
    if (finished.getCount() > 0) {
      start();
      awaitFinished();
    }
    if (state.phase() == EngineState.Phase.FAILED) {
      throw new EspalierException(state.message() + " " + state.remedy().orElse(""));
    }
  }

  private void awaitFinished() {
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EspalierException("Interrupted while waiting for the engine; try again.", e);
    }
  }

  /** Parent of all managers; its device is the CPU. */
  NDManager rootManager() {
    return root;
  }

  private void bringUp() {
    try {
      if (!loader.unpacked()) {
        change(EngineState.of(EngineState.Phase.UNPACKING, loader.unpackingMessage()));
      } else {
        change(EngineState.of(EngineState.Phase.STARTING, "Starting the engine."));
      }
      root = loader.load();
      if (state.phase() != EngineState.Phase.STARTING) {
        change(EngineState.of(EngineState.Phase.STARTING, "Starting the engine."));
      }
      loader.prove();
      change(EngineState.of(EngineState.Phase.READY, "The engine is ready."));
    } catch (Throwable failure) { // native loading fails with errors of many kinds
      change(EngineState.failed(reason(failure), remedy(failure)));
    } finally {
      finished.countDown();
    }
  }

  private void change(EngineState next) {
    state = next;
    for (Consumer<EngineState> watcher : watchers) {
      watcher.accept(next);
    }
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String reason(Throwable failure) {
    if (failure instanceof EspalierException) {
      return failure.getMessage();
    }
    Throwable cause = rootCause(failure);
    String message = cause.getMessage();
    return "The engine cannot start: "
        + (message == null || message.isBlank() ? cause.getClass().getSimpleName() : message)
        + ".";
  }

  private static String remedy(Throwable failure) {
    if (failure instanceof EspalierException) {
      return "Start the program again after that.";
    }
    String text = String.valueOf(rootCause(failure).getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space")) {
      return "Free 500 MB on the disk of the engine's cache folder (~/.djl.ai, or DJL_CACHE_DIR)"
          + " and start the program again.";
    }
    if (text.contains("offline mode")) {
      return "The CPU library for this system is missing from the class path; use a distribution"
          + " for this operating system and processor.";
    }
    if (text.contains("glibc") || text.contains("libstdc++")) {
      return "This system's C library is too old; glibc 2.29 or newer is needed.";
    }
    if (rootCause(failure) instanceof UnsatisfiedLinkError) {
      return "The native library does not fit this system; delete the engine's cache folder"
          + " (~/.djl.ai/pytorch, or DJL_CACHE_DIR) and start again. On Windows install the Visual"
          + " C++ 2019 redistributable.";
    }
    return "Delete the engine's cache folder (~/.djl.ai/pytorch, or DJL_CACHE_DIR) and start the"
        + " program again.";
  }
}
