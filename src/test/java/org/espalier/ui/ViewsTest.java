package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.FakeWorkbench;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** Every view in light, dark and high contrast, small and large, for people to look at. */
@ExtendWith(ApplicationExtension.class)
class ViewsTest {
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final FakeWorkbench workbench = new FakeWorkbench(jobs);
  private final FxExecutor executor = new FxExecutor();
  private final List<String> cut = new ArrayList<>();
  private FxRobot robot;
  private Stage stage;
  private WindowRobot window;

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
  @CsvSource({"LIGHT, 1280, 800", "DARK, 1440, 900"})
  void nothing_is_cut_or_wrapped(Theme theme, int width, int height, FxRobot fxRobot) {
    robot = fxRobot;
    window = new WindowRobot(stage, theme.name().toLowerCase(Locale.ROOT) + "-" + width);
    MemoryPreferences preferences = new MemoryPreferences();
    preferences.setTheme(theme);
    preferences.setKnowsFirstSteps(false);
    preferences.addRecent(Path.of("/models/stories260K"));
    robot.interact(
        () -> {
          CompositionRoot root =
              new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root.scene(width, height));
          stage.show();
          root.openSample();
        });
    window.until(() -> window.espalier().geometry() != null);
    look("first-steps");

    window.click("#analyse");
    window.until(() -> window.isEnabled("#prune"));
    window.clickAt(window.number(1));
    window.until(() -> window.isEnabled("#prune"));
    window.point(window.unit(SubLayer.feedForward(3), 0.4));
    look("draft");
    window.press(KeyCode.ENTER);
    window.until(() -> window.isVisible("#block-title"));
    look("one-block");
    window.press(KeyCode.ESCAPE);

    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click("#evaluate");
    look("evaluation");
    window.fill("#evaluation-most", "40");
    window.click("#evaluation-start");
    window.until(() -> window.shows("rounds, quartiles"));
    window.click("#show-speed");
    look("speed");
    window.click("#show-perplexity");
    look("perplexity");
    window.click("#show-memory");
    look("memory");

    window.click("#export");
    look("export");
    window.press(KeyCode.ESCAPE);
    window.click(".quiet-menu");
    window.click("#runs-recover");
    look("recovery");
    window.press(KeyCode.ESCAPE);
    window.click("#try-draft");
    look("trial");
    window.press(KeyCode.ESCAPE);
    window.click("#checkpoint");
    window.click("#toolbar-race");
    window.click("#race-model-0");
    look("race-asked");
    window.click("#race-start");
    window.until(() -> window.text("#race-verdict").contains("decided after"));
    look("race");
    window.press(KeyCode.ESCAPE);
    window.click("#checkpoint");
    look("menu");
    window.click("#toolbar-openHub");
    look("hub");
    window.press(KeyCode.ESCAPE);
    window.click("#preferences");
    look("preferences");
    window.click("#open-about");
    look("about");
    assertThat(cut).as("labels that end in dots or buttons that are too narrow").isEmpty();
  }

  /** Takes a picture and notes which words do not fit. */
  private void look(String name) {
    window.shot(name);
    robot.interact(
        () ->
            robot.lookup(ViewsTest::isCut).queryAll().stream()
                .filter(ViewsTest::isSeen)
                .forEach(
                    node ->
                        cut.add(name + ": " + ((Labeled) node).getText() + " " + node.getId())));
  }

  /**
   * True for words that are shown shortened, unless they stand for a path or a name of any length.
   */
  private static boolean isCut(Node node) {
    if (!(node instanceof Labeled labeled)
        || labeled.getText() == null
        || labeled.getText().isEmpty()
        || labeled.getStyleClass().contains("path")
        || !(node instanceof Button
            || node instanceof ToggleButton
            || node instanceof MenuButton
            || node instanceof javafx.scene.control.Label)) {
      return false;
    }
    return labeled.lookupAll(".text").stream()
        .filter(Text.class::isInstance)
        .map(text -> ((Text) text).getText())
        .anyMatch(
            shown ->
                shown.endsWith("...") || shown.endsWith("…") && !labeled.getText().endsWith("…"));
  }

  private static boolean isSeen(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (!at.isVisible()) {
        return false;
      }
    }
    return true;
  }
}
