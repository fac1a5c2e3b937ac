package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.input.KeyCode;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.FakeFilePicker;

/**
 * The main job: open, analyse, shape, prune, measure, export, reopen. Whatever the workbench behind
 * the window is, a person takes these steps.
 */
final class MainJob {
  /** A checkpoint on disk with its texts. */
  record Material(Path checkpoint, Path calibration, Path evaluation) {}

  private final WindowRobot window;
  private final FakeFilePicker picker;
  private final Optional<Material> material;

  /** On the sample model with its own texts. */
  MainJob(WindowRobot window, FakeFilePicker picker) {
    this(window, picker, Optional.empty());
  }

  MainJob(WindowRobot window, FakeFilePicker picker, Optional<Material> material) {
    this.window = window;
    this.picker = picker;
    this.material = material;
  }

  void run(Path exportParent) {
    material.ifPresent(this::openFolder);
    window.until(() -> window.espalier().geometry() != null);
    window.shot("01-opened");

    analyse();
    setTarget();
    lock();
    String run = prune();
    measure();
    export(exportParent);
    reopen(run);
  }

  private void openFolder(Material chosen) {
    String name = chosen.checkpoint().getFileName().toString();
    picker.willPickFolder(chosen.checkpoint());
    window.click("#checkpoint");
    window.click("#toolbar-openFolder");
    window.until(() -> window.shows(name));
    picker.willPickText(chosen.calibration());
    window.click("#calibration");
    assertThat(window.text("#calibration"))
        .isEqualTo(chosen.calibration().getFileName().toString());
  }

  private void analyse() {
    window.click("#analyse");
    window.until(() -> window.isEnabled("#prune"));
    window.point(window.unit(SubLayer.feedForward(3), 0.4));
    window.shot("02-analysed");
    assertThat(window.text("#pointed-at")).startsWith("block 3 · ").contains("score", "parameters");
  }

  private void setTarget() {
    window.type("#exact", "35");
    window.until(() -> window.isEnabled("#prune"));
    window.type("#exact", "30");
    window.until(() -> window.isEnabled("#prune"));
    assertThat(window.text("#shown")).contains("30.0 %");
  }

  private void lock() {
    window.clickAt(window.number(1));
    window.until(() -> window.isEnabled("#prune"));
    window.drag(window.bar(SubLayer.feedForward(4), 0.5), window.bar(SubLayer.feedForward(4), 0.9));
    window.until(() -> window.isEnabled("#prune"));
    window.press(KeyCode.R);
    window.until(() -> window.isEnabled("#prune"));
    window.shot("03-locked");
    window.click("#by-index");
    window.shot("04-by-index");
    window.click("#by-score");
    window.focus("#espalier");
    window.press(KeyCode.ENTER);
    window.until(() -> window.isVisible("#block-title"));
    window.press(KeyCode.RIGHT);
    window.shot("04-one-block");
    window.press(KeyCode.ESCAPE);
    window.until(() -> !window.isVisible("#block-title"));
  }

  private String prune() {
    int before = window.lines("#runs");
    window.click("#prune");
    window.until(() -> window.lines("#runs") == before + 1);
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.shot("05-pruned");
    return window.text("#shown").substring("Run · ".length());
  }

  private void measure() {
    window.click("#evaluate");
    window.until(() -> window.isVisible("#evaluation-start"));
    material.ifPresent(
        chosen -> {
          picker.willPickText(chosen.evaluation());
          window.click("#evaluation-text");
        });
    window.fill("#evaluation-most", "40");
    window.shot("06-evaluate-sheet");
    window.click("#evaluation-start");
    window.until(() -> window.shows("rounds, quartiles"));
    window.shot("07-measured");
  }

  private void export(Path parent) {
    picker.willPickFolder(parent);
    window.click("#export");
    window.until(() -> window.isVisible("#export-folder"));
    window.click("#export-folder");
    window.shot("08-export-sheet");
    assertThat(window.text("#export-proof")).startsWith("Before it appears");
    window.click("#export-start");
    window.until(() -> window.text("#export-proof").startsWith("Written and read back"));
    window.shot("09-exported");
    assertThat(window.text("#export-proof")).contains("Largest difference");
  }

  private void reopen(String run) {
    window.click("#export-open");
    window.until(() -> window.text("#shown").equals("The espalier"));
    window.until(() -> window.lines("#runs") >= 2);
    window.shot("10-reopened");
    assertThat(window.isEnabled("#analyse")).isTrue();
    assertThat(window.shows(run)).isTrue();
  }
}
