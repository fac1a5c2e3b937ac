package org.espalier.ui;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.ComboBox;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodParameter;
import org.espalier.pruning.SliderAnswer;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.espalier.workbench.LocalWorkbench;
import org.espalier.workbench.ReadyComparison;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * Uses methods from the window on the sample model, real engine and all, and leaves pictures of
 * each in {@code target/screenshots}: its help, parameters with a wrong value, the analysis, one
 * block large, the search if there is one, and the run.
 *
 * <p>Arguments: {@code light} or {@code dark}, then names of methods or of ready comparisons. The
 * properties {@code model} and {@code text} name the folder of another model and the text that its
 * comparisons read instead of the sample's. Without a display it needs the properties that {@code
 * EspalierFrames} names, and {@code -Dtestfx.robot=glass -Dtestfx.headless=true}.
 */
public final class MethodPictures {
  private static final String CALIBRATION_WINDOWS = "16";

  private final FxRobot robot = new FxRobot();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final Theme theme;
  private Stage stage;
  private CompositionRoot root;

  private MethodPictures(Theme theme) {
    this.theme = theme;
  }

  public static void main(String[] arguments) throws Exception {
    new MethodPictures(arguments[0].equals("dark") ? Theme.DARK : Theme.LIGHT)
        .run(List.of(arguments).subList(1, arguments.length));
    System.exit(0);
  }

  private void run(List<String> methods) throws Exception {
    Path workspace = Files.createTempDirectory("method-pictures");
    try (LocalWorkbench workbench = new LocalWorkbench(workspace);
        FxExecutor executor = new FxExecutor()) {
      show(workbench, executor);
      for (String name : methods) {
        if (Arrays.stream(ReadyComparison.values()).anyMatch(ready -> ready.label().equals(name))) {
          compare(ReadyComparison.of(name));
          continue;
        }
        MethodDescription method =
            workbench.methods().stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow();
        use(method);
      }
    }
  }

  private void show(LocalWorkbench workbench, FxExecutor executor) throws TimeoutException {
    stage = FxToolkit.registerPrimaryStage();
    MemoryPreferences preferences = new MemoryPreferences();
    preferences.setTheme(theme);
    robot.interact(
        () -> {
          root = new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root.scene(1440, 900));
          stage.show();
          open();
        });
    window("method").until(() -> window("method").espalier().geometry() != null);
  }

  private void open() {
    String model = System.getProperty("model");
    if (model == null) {
      root.openSample();
      return;
    }
    picker.willPickFolder(Path.of(model));
    item("toolbar-openFolder").fire();
  }

  private MenuItem item(String id) {
    return robot.lookup("#checkpoint").queryAs(MenuButton.class).getItems().stream()
        .filter(item -> id.equals(item.getId()))
        .findFirst()
        .orElseThrow();
  }

  private WindowRobot window(String name) {
    return new WindowRobot(stage, "method-" + name + (theme == Theme.DARK ? "-dark" : "-light"));
  }

  private void use(MethodDescription method) {
    System.out.println(method.name());
    WindowRobot window = window(method.name());
    robot.interact(
        () -> {
          ComboBox<?> box = robot.lookup("#method").queryAs(ComboBox.class);
          box.getSelectionModel()
              .select(
                  box.getItems().stream()
                      .map(MethodDescription.class::cast)
                      .map(MethodDescription::name)
                      .toList()
                      .indexOf(method.name()));
        });
    window.click("#help-METHOD");
    window.shot("0-help");
    window.press(KeyCode.ESCAPE);
    typed(method)
        .ifPresent(
            parameter -> {
              String field = "#parameter-" + parameter.name();
              robot.interact(() -> field(field).setText("many"));
              window.focus(field);
              window.shot("1-wrong-value");
              robot.interact(() -> field(field).setText(parameter.defaultValue()));
            });
    if (window.isVisible("#samples")) {
      robot.interact(() -> field("#samples").setText(CALIBRATION_WINDOWS));
    }
    window.click("#analyse");
    window.until(() -> !root.isBusy() && window.isEnabled("#prune"));
    window.shot("2-analysed");
    window.focus("#espalier");
    window.press(KeyCode.DOWN);
    window.press(KeyCode.ENTER);
    window.shot("3-one-block");
    window.press(KeyCode.ESCAPE);
    boolean searches = method.sliderAnswer() == SliderAnswer.AFTER_RUN;
    window.click("#prune");
    if (searches) {
      window.until(() -> window.text("#search-summary").startsWith("15 of"));
      window.shot("4-searching");
    }
    window.until(() -> window.text("#shown").startsWith("Run") && !root.isBusy());
    if (searches) {
      window.click("#search-away");
      window.click("#searched");
      window.until(() -> window.isVisible("#search"));
    }
    window.shot(searches ? "5-run" : "4-run");
    window.selectLine("#runs", 0);
  }

  private void compare(ReadyComparison ready) {
    WindowRobot window = window(ready.label());
    Optional.ofNullable(System.getProperty("text"))
        .ifPresent(text -> picker.willPickText(Path.of(text)));
    robot.interact(() -> item("compare-" + ready.label()).fire());
    window.until(() -> root.isBusy());
    window.shot("running");
    while (root.isBusy()) {
      sleep();
    }
    window.until(() -> window.isVisible("#report-title"));
    window.shot("result");
    window.click("#help-COMPARISON");
    window.shot("help");
    window.press(KeyCode.ESCAPE);
    window.press(KeyCode.ESCAPE);
  }

  /** A comparison takes longer than a robot waits. */
  private static void sleep() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private TextField field(String query) {
    return robot.lookup(query).queryAs(TextField.class);
  }

  private static Optional<MethodParameter> typed(MethodDescription method) {
    return method.parameters().stream()
        .filter(parameter -> parameter.choices().isEmpty())
        .findFirst();
  }
}
