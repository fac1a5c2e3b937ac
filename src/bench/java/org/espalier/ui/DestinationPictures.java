package org.espalier.ui;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import org.espalier.ui.destination.DestinationViewModel.Place;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.espalier.workbench.LocalWorkbench;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * Asks "Where will it run?" in the window with the real engine: every place in turn, both drafts,
 * what keeping to the widths costs; then prunes for one place, exports and opens the result. Leaves
 * pictures in {@code target/screenshots} and prints what the window says.
 *
 * <p>Arguments: {@code light} or {@code dark}, the place to prune for, and a checkpoint's folder
 * with a calibration text unless it is the sample model. Without a display it needs the properties
 * that {@code EspalierFrames} names, and {@code -Dtestfx.robot=glass -Dtestfx.headless=true}.
 */
public final class DestinationPictures {
  private final FxRobot robot = new FxRobot();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final Theme theme;
  private final Optional<Path> checkpoint;
  private WindowRobot window;
  private CompositionRoot root;

  private DestinationPictures(Theme theme, Optional<Path> checkpoint) {
    this.theme = theme;
    this.checkpoint = checkpoint;
  }

  public static void main(String[] arguments) throws Exception {
    Optional<Path> checkpoint =
        arguments.length > 2
            ? Optional.of(Path.of(arguments[2]).toAbsolutePath())
            : Optional.empty();
    DestinationPictures pictures =
        new DestinationPictures(arguments[0].equals("dark") ? Theme.DARK : Theme.LIGHT, checkpoint);
    Path folder = Files.createTempDirectory("destination-pictures");
    try (LocalWorkbench workbench = new LocalWorkbench(folder.resolve("workspace"));
        FxExecutor executor = new FxExecutor()) {
      pictures.show(workbench, executor);
      pictures.open(arguments.length > 3 ? Path.of(arguments[3]).toAbsolutePath() : null);
      pictures.choose(arguments[1]);
      pictures.pruneAndExport(folder);
    }
    System.exit(0);
  }

  private void show(LocalWorkbench workbench, FxExecutor executor) throws Exception {
    Stage stage = FxToolkit.registerPrimaryStage();
    MemoryPreferences preferences = new MemoryPreferences();
    preferences.setTheme(theme);
    String name = checkpoint.map(folder -> folder.getFileName().toString()).orElse("sample");
    window =
        new WindowRobot(stage, "destination-" + name + (theme == Theme.DARK ? "-dark" : "-light"));
    robot.interact(
        () -> {
          root = new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root.scene(1440, 900));
          stage.show();
        });
  }

  private void open(Path calibration) {
    if (checkpoint.isPresent()) {
      picker.willPickFolder(checkpoint.get());
      window.click("#checkpoint");
      window.click("#toolbar-openFolder");
      window.until(() -> window.shows(checkpoint.get().getFileName().toString()));
      picker.willPickText(calibration);
      window.click("#calibration");
    } else {
      robot.interact(root::openSample);
    }
    window.until(() -> window.espalier().geometry() != null && !root.isBusy());
    window.click("#analyse");
    settled();
    window.type("#exact", "30");
    settled();
  }

  private void settled() {
    window.until(() -> !root.isBusy() && window.isEnabled("#prune"));
  }

  private void choose(String last) {
    List<Place> places = new ArrayList<>();
    robot.interact(
        () ->
            robot
                .lookup("#destination")
                .queryAs(ComboBox.class)
                .getItems()
                .forEach(item -> places.add((Place) item)));
    for (int i = 1; i < places.size(); i++) {
      take(places, i);
    }
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i).target().equals(last)) {
        take(places, i);
      }
    }
  }

  private void take(List<Place> places, int index) {
    String target = places.get(index).target();
    window.chooseLine("#destination", index);
    window.until(
        () ->
            window.isVisible("#destination-refusal")
                || (window.isVisible("#destination-note") && window.isEnabled("#prune")));
    tell(target);
    if (window.isVisible("#destination-measure")) {
      long started = System.nanoTime();
      window.click("#destination-measure");
      window.until(() -> !root.isBusy());
      tell(target + ", measured in " + (System.nanoTime() - started) / 1_000_000 + " ms");
    }
    window.shot("1-" + target);
  }

  private void tell(String what) {
    StringBuilder line = new StringBuilder(what).append(':');
    for (String label : List.of("#destination-refusal", "#destination-cost", "#destination-note")) {
      if (window.isVisible(label)) {
        line.append("\n   ").append(robot.lookup(label).queryAs(Label.class).getText());
      }
    }
    System.out.println(line);
  }

  private void pruneAndExport(Path folder) {
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run") && !root.isBusy());
    window.shot("2-run");
    picker.willPickFolder(folder);
    window.click("#export");
    window.until(() -> window.isVisible("#export-folder"));
    window.click("#export-folder");
    System.out.println("Export proposes " + window.choice("#export-target"));
    window.shot("3-export");
    int targets = robot.lookup("#export-target").queryAs(ComboBox.class).getItems().size();
    int proposed =
        robot
            .lookup("#export-target")
            .queryAs(ComboBox.class)
            .getSelectionModel()
            .getSelectedIndex();
    for (int i = 0; i < targets; i++) {
      window.chooseLine("#export-target", i);
      window.until(() -> !root.isBusy());
      window.shot("4-export-" + i);
    }
    window.chooseLine("#export-target", proposed);
    window.until(() -> !root.isBusy());
    window.click("#export-start");
    window.until(() -> window.text("#export-proof").startsWith("Written and read back"));
    window.shot("5-exported");
    System.out.println(window.text("#export-proof"));
    if (window.isVisible("#export-open")) {
      window.click("#export-open");
      window.until(() -> window.text("#shown").equals("The espalier") && !root.isBusy());
      window.shot("6-reopened");
    }
  }
}
