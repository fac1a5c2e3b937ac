package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.scene.control.TextArea;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.FakeWorkbench;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** From prices over equal prices and a tried draft to a saved chart, as a person does it. */
@ExtendWith(ApplicationExtension.class)
class PredictionWindowTest {
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final FakeWorkbench workbench = new FakeWorkbench(jobs);
  private final FxExecutor executor = new FxExecutor();
  private Stage stage;

  @TempDir Path folder;

  @Start
  void start(Stage shown) {
    stage = shown;
  }

  @AfterEach
  void close() {
    workbench.close();
    executor.close();
    jobs.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void a_draft_is_shaped_by_price_and_tried_before_it_is_pruned(Theme theme, FxRobot robot) {
    MemoryPreferences preferences = new MemoryPreferences();
    preferences.setTheme(theme);
    WindowRobot window = new WindowRobot(stage, "prices-" + theme.name().toLowerCase(Locale.ROOT));
    robot.interact(
        () -> {
          CompositionRoot root =
              new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root.scene(1280, 800));
          stage.show();
          root.openSample();
        });
    window.until(() -> window.espalier().geometry() != null);
    window.click("#analyse");
    window.until(() -> window.isVisible("#measure-prices"));
    assertThat(window.text("#prediction-note")).contains("40 s");

    window.click("#measure-prices");
    window.until(() -> window.text("#prediction").startsWith("×"));
    window.type("#exact", "2.4 M");
    window.until(() -> window.isEnabled("#prune"));
    window.shot("01-measured");

    window.click("#equalise");
    window.until(() -> window.isEnabled("#equalise") && window.isEnabled("#prune"));
    window.shot("02-equal");

    window.click("#try-draft");
    window.until(() -> window.isVisible("#trial-start"));
    window.click("#trial-start");
    window.until(
        () -> robot.lookup("#trial-draft").queryAs(TextArea.class).getText().contains("draft95"));
    window.shot("03-tried");
    robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);

    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click("#evaluate");
    window.until(() -> window.isVisible("#evaluation-start"));
    window.click("#evaluation-start");
    window.until(() -> window.shows("rounds, quartiles"));
    window.click("#show-speed");
    window.shot("04-speed");
    window.click("#show-memory");
    window.shot("05-memory");
    Path file = folder.resolve("memory.csv");
    picker.willPickFile(file);
    window.click("#chart-take");
    window.click("#chart-csv");
    window.until(() -> Files.exists(file));
  }
}
