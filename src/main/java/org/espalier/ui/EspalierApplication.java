package org.espalier.ui;

import java.util.function.Supplier;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.FxFilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.SystemPreferences;
import org.espalier.ui.restore.LastSession;
import org.espalier.ui.restore.WindowLayout;
import org.espalier.workbench.Workbench;

/** The window as a program. */
public final class EspalierApplication extends Application {
  private static Supplier<Workbench> supplied;

  private final Messages messages = new Messages();
  private Workbench workbench;
  private LastSession last;
  private FxExecutor executor;
  private CompositionRoot root;

  /**
   * Opens the window and returns once it is closed.
   *
   * @param workbench is asked once, as the window starts, and closed with it
   */
  public static void open(Supplier<Workbench> workbench) {
    supplied = workbench;
    Application.launch(EspalierApplication.class);
  }

  /** Whatever waits for the disk is done before the UI thread is needed. */
  @Override
  public void init() {
    workbench = supplied.get();
    last = LastSession.read(workbench.session());
  }

  @Override
  public void start(Stage stage) {
    executor = new FxExecutor();
    root =
        new CompositionRoot(
            workbench,
            executor,
            new FxFilePicker(messages, () -> stage),
            new SystemPreferences(),
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
