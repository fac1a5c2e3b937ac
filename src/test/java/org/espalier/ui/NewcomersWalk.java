package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javafx.scene.Node;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.stage.Stage;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.runs.RunsViewModel;
import org.testfx.api.FxRobot;

/**
 * What somebody does who knows the field but not the program: from the first window to an exported
 * model and a comparison with FLAP. Every click and every typed value is an action, and so is every
 * dialog that the system shows.
 */
final class NewcomersWalk {
  private final WindowRobot window;
  private final FxRobot robot;
  private final FakeFilePicker picker;
  private int actions;

  NewcomersWalk(Stage stage, FxRobot robot, FakeFilePicker picker) {
    this.window = new WindowRobot(stage, "walk");
    this.robot = robot;
    this.picker = picker;
  }

  /**
   * @param method title of the method that is compared with FLAP
   * @return how many actions it took
   */
  int take(Path checkpoint, String method, Path exports) {
    open(checkpoint);
    analyseBy(method);
    shape();
    prune();
    compareWithFlap();
    export(exports);
    return actions;
  }

  private void open(Path checkpoint) {
    picker.willPickFolder(checkpoint);
    click("#checkpoint");
    click("#toolbar-openFolder");
    actions++;
    window.until(() -> window.text("#calibration").equals("Espalier’s stories"));
    assertThat(window.shows(checkpoint.getFileName().toString())).isTrue();
    assertThat(window.isVisible("#calibration-stand-in")).isTrue();
    window.shot("01-opened");
  }

  private void analyseBy(String method) {
    click("#method");
    actions++;
    robot.clickOn(
        robot
            .lookup(".combo-box-popup .list-cell")
            .match((ListCell<?> cell) -> method.equals(cell.getText()))
            .<Node>query());
    click("#analyse");
    window.until(() -> window.isEnabled("#prune"));
    window.shot("02-analysed");
  }

  private void shape() {
    for (int block : new int[] {0, 3}) {
      actions++;
      window.clickAt(window.number(block));
      window.until(() -> window.isEnabled("#prune"));
    }
    actions++;
    window.type("#exact", "35");
    window.until(() -> window.isEnabled("#prune") && window.text("#shown").contains("35.0 %"));
    window.shot("03-shaped");
  }

  private void prune() {
    click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.until(() -> perplexities() == 2);
    window.shot("04-measured");
  }

  private void compareWithFlap() {
    String shown = window.text("#shown");
    click("#compare");
    window.shot("05-compare");
    click("#compare-by-flap");
    window.until(() -> perplexities() == 3);
    window.until(() -> window.isVisible("#take-offer"));
    assertThat(window.text("#shown")).as("the run in question stays in view").isEqualTo(shown);
    assertThat(window.shows("Dashed: flap 35 %")).isTrue();
    window.shot("06-compared");
  }

  private void export(Path exports) {
    picker.willPickFolder(exports);
    click("#export");
    click("#export-start");
    actions++;
    window.until(() -> window.text("#export-proof").startsWith("Written and read back"));
    window.shot("07-exported");
  }

  /** Models in the list of runs whose perplexity is there to the end. */
  private long perplexities() {
    return robot.lookup("#runs").<ListView<RunsViewModel.Item>>query().getItems().stream()
        .flatMap(item -> item.columns().stream())
        .filter(columns -> columns.perplexity().matches("[⚠≈ ]*[0-9.]+"))
        .count();
  }

  private void click(String query) {
    actions++;
    window.click(query);
  }
}
