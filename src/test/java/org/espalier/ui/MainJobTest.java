package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.FakeWorkbench;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.heatmap.EspalierControl;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The main job as a person does it, on a workbench in memory. */
@ExtendWith(ApplicationExtension.class)
class MainJobTest {
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeFilePicker picker = new FakeFilePicker();
  private FakeWorkbench workbench;
  private FxExecutor executor;
  private Stage stage;
  private FxRobot robot;

  @TempDir Path folder;

  @Start
  void start(Stage stage) {
    this.stage = stage;
    workbench = new FakeWorkbench(jobs);
    executor = new FxExecutor();
    CompositionRoot root =
        new CompositionRoot(workbench, executor, picker, new MemoryPreferences(), new Messages());
    Scene scene = root.scene(1440, 900);
    stage.setScene(scene);
    stage.show();
    root.openSample();
  }

  @AfterEach
  void stop() {
    workbench.close();
    executor.close();
    jobs.shutdownNow();
  }

  @Test
  void opens_analyses_shapes_prunes_measures_exports_and_reopens(FxRobot fxRobot)
      throws TimeoutException {
    robot = fxRobot;
    until(() -> espalier().geometry() != null);
    shot("01-opened");

    robot.clickOn("#analyse");
    until(
        () -> !find("#target").isDisabled() && !robot.lookup("#prune").queryButton().isDisabled());
    shot("02-analysed");
    assertThat(find("#target").isDisabled()).isFalse();
  }

  private void shot(String name) {
    Screenshots.take(stage, name);
  }

  private EspalierControl espalier() {
    return robot.lookup("#espalier").queryAs(EspalierControl.class);
  }

  private Node find(String query) {
    return robot.lookup(query).query();
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition)
      throws TimeoutException {
    WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, condition);
    WaitForAsyncUtils.waitForFxEvents();
  }
}
