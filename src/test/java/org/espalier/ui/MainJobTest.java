package org.espalier.ui;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.stage.Stage;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.FakeWorkbench;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** The main job by mouse and keyboard, on a workbench in memory. */
@ExtendWith(ApplicationExtension.class)
class MainJobTest {
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final FakeWorkbench workbench = new FakeWorkbench(jobs);
  private FxExecutor executor;
  private Stage stage;

  @TempDir Path folder;

  @Start
  void start(Stage shown) {
    stage = shown;
  }

  @BeforeEach
  void makeExecutor() {
    executor = new FxExecutor();
  }

  @AfterEach
  void stop() {
    workbench.close();
    executor.close();
    jobs.shutdownNow();
  }

  @Test
  void runs_through_in_a_large_light_window(FxRobot robot) {
    open(robot, Theme.LIGHT, 1440, 900);
    new MainJob(new WindowRobot(stage, "light-1440"), picker).run(folder);
  }

  @Test
  void runs_through_in_a_small_dark_window(FxRobot robot) {
    open(robot, Theme.DARK, 1280, 800);
    new MainJob(new WindowRobot(stage, "dark-1280"), picker).run(folder);
  }

  @Test
  void compares_depth_against_width_with_one_click(FxRobot robot) {
    open(robot, Theme.LIGHT, 1440, 900);
    WindowRobot window = new WindowRobot(stage, "light-1440");
    window.until(() -> window.espalier().geometry() != null);

    window.click("#checkpoint");
    window.shot("20-compare-menu");
    window.click("#compare-depth-against-width");

    window.until(() -> window.shows("Depth against width is done."));
    window.shot("21-compared");
  }

  private void open(FxRobot robot, Theme theme, double width, double height) {
    MemoryPreferences preferences = new MemoryPreferences();
    preferences.setTheme(theme);
    robot.interact(
        () -> {
          CompositionRoot root =
              new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root.scene(width, height));
          stage.show();
          root.openSample();
        });
  }
}
