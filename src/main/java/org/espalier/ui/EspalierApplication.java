package org.espalier.ui;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.FxFilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.SystemPreferences;
import org.espalier.ui.restore.LastSession;
import org.espalier.ui.restore.WindowLayout;
import org.espalier.workbench.Workbench;

/** The window as a program. */
public final class EspalierApplication extends Application {
  private static final int SECONDS_TO_KEEP = 1;

  private static final double WIDTH = 1440;
  private static final double HEIGHT = 900;

  /** As on the command line. */
  private static final int SECONDS_TO_STOP = 30;

  private static Function<Optional<Path>, Workbench> supplied;

  private final Messages messages = new Messages();
  private final SystemPreferences preferences = new SystemPreferences();
  private String unusable = "";
  private Workbench workbench;
  private LastSession last;
  private FxExecutor executor;
  private CompositionRoot root;

  /**
   * Opens the window and returns once it is closed.
   *
   * @param workbench opens the preferred workspace, or the usual one when there is none; closed
   *     with the window
   */
  public static void open(Function<Optional<Path>, Workbench> workbench) {
    supplied = workbench;
    Application.launch(EspalierApplication.class);
  }

  /** Whatever waits for the disk is done before the UI thread is needed. */
  @Override
  public void init() {
    workbench = openWorkspace();
    Runtime.getRuntime().addShutdownHook(new Thread(this::endWithProcess, "end"));
    last = LastSession.read(workbench.session());
  }

  /** A preferred workspace that cannot be used gives way to the usual one, which is said. */
  private Workbench openWorkspace() {
    Optional<Path> preferred = preferences.workspace();
    try {
      return supplied.apply(preferred);
    } catch (EspalierException e) {
      if (preferred.isEmpty()) {
        throw e;
      }
      unusable = messages.text("window.workspaceUnusable", preferred.get(), e.getMessage());
      return supplied.apply(Optional.empty());
    }
  }

  @Override
  public void start(Stage stage) {
    executor = new FxExecutor();
    root =
        new CompositionRoot(
            workbench,
            executor,
            new FxFilePicker(messages, () -> stage, getHostServices()),
            preferences,
            messages);
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    double width = Math.min(WIDTH, screen.getWidth());
    double height = Math.min(HEIGHT, screen.getHeight());
    stage.setScene(root.scene(width, height));
    stage.setWidth(width);
    stage.setHeight(height);
    stage.setTitle(messages.text("window.title"));
    stage.setMinWidth(1280);
    stage.setMinHeight(700);
    stage.setOnCloseRequest(
        event -> {
          if (!root.mayClose(stage::close)) {
            event.consume();
          }
        });
    stage
        .focusedProperty()
        .addListener(
            (property, before, focused) -> {
              if (focused) {
                root.cameToFront();
              }
            });
    // Some window managers shrink what does not fit with its frame to the least size.
    stage.setMaximized(screen.getWidth() <= WIDTH || screen.getHeight() <= HEIGHT);
    last.session().ifPresent(left -> WindowLayout.place(stage, left.layout()));
    stage.show();
    if (!unusable.isEmpty()) {
      root.tell(unusable);
    }
    root.begin(last);
  }

  @Override
  public void stop() {
    keepSession();
    if (executor != null) {
      executor.close();
    }
    closeWorkbench();
    Platform.exit();
  }

  private void keepSession() {
    if (root != null) {
      root.finish();
    }
  }

  /** Jobs stop at their next step and write their journals; whoever asks second waits for that. */
  private synchronized void closeWorkbench() {
    if (workbench != null) {
      workbench.close();
      workbench = null;
    }
  }

  /**
   * Runs when a signal ends the process. The native libraries take themselves apart then, also when
   * the virtual machine halts, and a kernel that still computes would crash: jobs have to be at
   * rest before. The session is kept first, so that what was under way is offered at the next
   * start.
   */
  private void endWithProcess() {
    CountDownLatch kept = new CountDownLatch(1);
    Thread stopping = new Thread(this::closeWorkbench, "stop jobs");
    stopping.setDaemon(true);
    try {
      Platform.runLater(
          () -> {
            keepSession();
            kept.countDown();
          });
      kept.await(SECONDS_TO_KEEP, TimeUnit.SECONDS);
    } catch (IllegalStateException | InterruptedException toolkitIsGone) {
      // Nothing changes the session any more; it was kept within a second of the last edit.
    }
    stopping.start();
    try {
      stopping.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
