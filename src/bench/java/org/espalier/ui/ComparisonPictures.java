package org.espalier.ui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.event.Event;
import javafx.event.EventTarget;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.espalier.workbench.Job;
import org.espalier.workbench.LocalWorkbench;

/**
 * Pictures of every view of the comparison, of a workspace's own runs, for people to look at.
 *
 * <p>Arguments: workspace, model folder or {@code sample}, folder for the pictures, theme, width,
 * height, and {@code demo} for the layout for an audience.
 */
public final class ComparisonPictures {
  private static final String[] VIEWS = {
    "quality", "trade-off", "tasks", "allocations", "agreement", "text", "table"
  };

  private ComparisonPictures() {}

  public static void main(String[] arguments) throws Exception {
    Platform.startup(() -> {});
    Path out = Path.of(arguments[2]);
    Files.createDirectories(out);
    Theme theme = Theme.valueOf(arguments[3].toUpperCase(Locale.ROOT));
    boolean demo = arguments.length > 6;
    String prefix =
        (demo ? "demo-" : "") + arguments[3] + "-" + arguments[4] + "x" + arguments[5] + "-";
    FakeFilePicker picker = new FakeFilePicker();
    MemoryPreferences preferences = new MemoryPreferences();
    preferences.setTheme(theme);
    long started = System.nanoTime();
    try (LocalWorkbench workbench = new LocalWorkbench(Path.of(arguments[0]));
        FxExecutor executor = new FxExecutor()) {
      workbench.useThreads(1);
      Stage stage =
          ui(
              () -> {
                CompositionRoot root =
                    new CompositionRoot(workbench, executor, picker, preferences, new Messages());
                Stage made = new Stage();
                made.setScene(
                    root.scene(Double.parseDouble(arguments[4]), Double.parseDouble(arguments[5])));
                made.show();
                if (arguments[1].equals("sample")) {
                  root.openSample();
                } else {
                  MenuButton menu = (MenuButton) made.getScene().lookup("#checkpoint");
                  picker.willPickFolder(Path.of(arguments[1]));
                  menu.getItems().stream()
                      .filter(item -> "toolbar-openFolder".equals(item.getId()))
                      .findFirst()
                      .orElseThrow()
                      .fire();
                }
                return made;
              });
      settle(workbench);
      if (!arguments[1].equals("sample")) {
        // The scores are compared on what an analysis read; the sample model brings stored ones.
        fire(stage, "#analyse");
        settle(workbench);
      }
      press(stage, demo ? KeyCode.F11 : KeyCode.F9, "");
      Thread.sleep(3000);
      System.out.printf(
          "%s shown %.1f s after the start%n", prefix, (System.nanoTime() - started) / 1e9);
      for (int view = 0; view < VIEWS.length; view++) {
        press(stage, KeyCode.getKeyCode(Integer.toString(view + 1)), Integer.toString(view + 1));
        if (!demo && VIEWS[view].equals("agreement")) {
          fire(stage, "#comparison-measure");
        }
        if (!demo && VIEWS[view].equals("text")) {
          fire(stage, "#comparison-start");
        }
        settle(workbench);
        Thread.sleep(1500);
        shot(stage.getScene(), out.resolve(prefix + (view + 1) + "-" + VIEWS[view] + ".png"));
      }
      press(stage, KeyCode.ESCAPE, "");
      shot(stage.getScene(), out.resolve(prefix + "8-left.png"));
    }
    Platform.exit();
  }

  private static void settle(LocalWorkbench workbench) throws InterruptedException {
    Thread.sleep(1500);
    for (Job<?> job : workbench.jobs()) {
      job.result().handle((result, failure) -> Optional.ofNullable(result)).join();
    }
  }

  private static void fire(Stage stage, String button) throws Exception {
    ui(
        () -> {
          ((Button) stage.getScene().lookup(button)).fire();
          return button;
        });
  }

  private static void press(Stage stage, KeyCode code, String text) throws Exception {
    ui(
        () -> {
          Scene scene = stage.getScene();
          EventTarget target =
              scene.getFocusOwner() == null ? scene.getRoot() : scene.getFocusOwner();
          Event.fireEvent(
              target,
              new KeyEvent(KeyEvent.KEY_PRESSED, text, text, code, false, false, false, false));
          return code;
        });
  }

  private static void shot(Scene scene, Path file) throws Exception {
    ui(
        () -> {
          try {
            ImageIO.write(
                SwingFXUtils.fromFXImage(scene.snapshot(null), null), "png", file.toFile());
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          return file;
        });
  }

  private static <T> T ui(Callable<T> work) throws InterruptedException, ExecutionException {
    FutureTask<T> task = new FutureTask<>(work);
    Platform.runLater(task);
    return task.get();
  }
}
