package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.scene.AccessibleAttribute;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ScrollPane;
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
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.TextSize;
import org.espalier.ui.preferences.Theme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** Every view in every theme, at two sizes and with large words, for people to look at. */
@ExtendWith(ApplicationExtension.class)
class ViewsTest {
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final FakeWorkbench workbench = new FakeWorkbench(jobs);
  private final FxExecutor executor = new FxExecutor();
  private final List<String> cut = new ArrayList<>();
  private final Set<String> mute = new TreeSet<>();
  private FxRobot robot;
  private Stage stage;
  private WindowRobot window;
  private PreferencesViewModel preferences;
  private List<Theme> themes;
  private String size;

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

  @Test
  void everything_has_room_in_the_smallest_window(FxRobot fxRobot) {
    walkThrough(fxRobot, 1280, 800, TextSize.NORMAL, Theme.LIGHT, Theme.DARK);
  }

  @Test
  void large_words_have_room_in_the_smallest_window(FxRobot fxRobot) {
    walkThrough(fxRobot, 1280, 800, TextSize.LARGE, Theme.LIGHT);
  }

  @Test
  void everything_has_room_in_a_usual_window(FxRobot fxRobot) {
    walkThrough(fxRobot, 1440, 900, TextSize.NORMAL, Theme.LIGHT, Theme.DARK, Theme.CONTRAST);
  }

  private void walkThrough(
      FxRobot fxRobot, int width, int height, TextSize words, Theme... wanted) {
    robot = fxRobot;
    themes = new ArrayList<>(List.of(wanted));
    size = "-" + width + (words == TextSize.NORMAL ? "" : "-large");
    window = new WindowRobot(stage, "views" + size);
    MemoryPreferences remembered = new MemoryPreferences();
    remembered.setKnowsFirstSteps(false);
    remembered.addRecent(Path.of("/models/stories260K"));
    remembered.setTheme(themes.get(0));
    remembered.setTextSize(words);
    CompositionRoot[] made = new CompositionRoot[1];
    robot.interact(
        () -> {
          CompositionRoot root =
              new CompositionRoot(workbench, executor, picker, remembered, new Messages());
          stage.setScene(root.scene(width, height));
          stage.show();
          preferences = root.preferences();
          made[0] = root;
        });
    assertThat(isNextStep("#analyse")).as("there is nothing to analyse").isFalse();
    look("no-model");
    robot.interact(made[0]::openSample);
    window.until(() -> window.espalier().geometry() != null);
    assertThat(isNextStep("#analyse")).isTrue();
    look("first-steps");

    window.click("#analyse");
    window.until(() -> window.isEnabled("#prune"));
    window.clickAt(window.number(1));
    window.until(() -> window.isEnabled("#prune"));
    window.dragCut(SubLayer.feedForward(5), 0.3);
    window.until(() -> window.isEnabled("#prune"));
    window.point(window.unit(SubLayer.feedForward(3), 0.4));
    look("draft");
    window.click("#measure-prices");
    window.until(() -> window.isVisible("#equalise"));
    window.focus("#espalier");
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
    assertThat(mute).as("what the keyboard reaches and a screen reader cannot name").isEmpty();
  }

  private boolean isNextStep(String button) {
    return robot.lookup(button).query().getStyleClass().contains("primary");
  }

  /** Takes a picture in each theme, to and fro, and notes which words do not fit. */
  private void look(String name) {
    for (Theme theme : themes) {
      robot.interact(() -> preferences.chosenTheme().set(Optional.of(theme)));
      String picture = theme.name().toLowerCase(Locale.ROOT) + size + "-" + name;
      Screenshots.take(stage, picture);
      robot.interact(() -> note(stage.getScene().getRoot(), picture));
    }
    Collections.reverse(themes);
  }

  private void note(Node node, String picture) {
    if (!node.isVisible()) {
      return;
    }
    if (isCut(node)) {
      cut.add(picture + ": " + ((Labeled) node).getText() + " " + node.getId());
    }
    if (isMute(node)) {
      mute.add(node.getClass().getSimpleName() + " " + node.getId());
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> note(child, picture));
    }
  }

  /** True for what the keyboard reaches without a name that could be read out. */
  private static boolean isMute(Node node) {
    return node.isFocusTraversable()
        && !(node instanceof ScrollPane)
        && isEmpty(node.getAccessibleText())
        && !(node instanceof Labeled labeled && !isEmpty(labeled.getText()))
        && node.queryAccessibleAttribute(AccessibleAttribute.LABELED_BY) == null;
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isBlank();
  }

  /**
   * True for words that are shown shortened, unless they stand for a path or a name of any length.
   */
  private static boolean isCut(Node node) {
    return (node instanceof Button
            || node instanceof ToggleButton
            || node instanceof MenuButton
            || node instanceof Label)
        && !node.getStyleClass().contains("path")
        && ((Labeled) node).getText() != null
        && ((Labeled) node)
            .getChildrenUnmodifiable().stream()
                .filter(Text.class::isInstance)
                .map(text -> ((Text) text).getText())
                .anyMatch(
                    shown ->
                        !shown.equals(((Labeled) node).getText())
                            && (shown.endsWith("...") || shown.endsWith("…")));
  }
}
