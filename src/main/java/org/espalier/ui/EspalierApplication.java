package org.espalier.ui;

import java.nio.file.Path;
import java.util.Optional;
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
    stage.setScene(
        root.scene(Math.min(1440, screen.getWidth()), Math.min(900, screen.getHeight() - 40)));
    stage.setTitle(messages.text("window.title"));
    stage.setMinWidth(1100);
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
    last.session().ifPresent(left -> WindowLayout.place(stage, left.layout()));
    stage.show();
    if (!unusable.isEmpty()) {
      root.tell(unusable);
    }
    root.begin(last);
  }

  @Override
  public void stop() {
    if (root != null) {
      root.finish();
    }
    if (executor != null) {
      executor.close();
    }
    if (workbench != null) {
      workbench.close();
    }
    Platform.exit();
  }
}
