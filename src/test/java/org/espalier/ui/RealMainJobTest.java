package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import javafx.stage.Stage;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.Theme;
import org.espalier.workbench.LocalWorkbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** The main job through the window and the real engine. */
@ExtendWith(ApplicationExtension.class)
class RealMainJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final FakeFilePicker picker = new FakeFilePicker();
  private final MemoryPreferences preferences = new MemoryPreferences();
  private LocalWorkbench workbench;
  private FxExecutor executor;
  private Stage stage;

  @TempDir Path folder;

  @Start
  void start(Stage shown) {
    stage = shown;
  }

  @BeforeEach
  void open() {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    executor = new FxExecutor();
  }

  @AfterEach
  void close() {
    workbench.close();
    executor.close();
  }

  @Test
  void prunes_the_sample_model_by_its_own_text(FxRobot robot) {
    CompositionRoot root = show(robot, Theme.LIGHT, 1440, 900);
    robot.interact(root::openSample);
    new MainJob(new WindowRobot(stage, "sample-light-1440"), picker).run(folder);
  }

  @Test
  void prunes_a_checkpoint_without_tokenizer_by_ready_token_windows(FxRobot robot) {
    show(robot, Theme.DARK, 1440, 900);
    Path model = GOLDEN.resolve("models/tiny-mha").toAbsolutePath();
    new MainJob(
            new WindowRobot(stage, "windows-dark-1440"),
            picker,
            Optional.of(
                new MainJob.Material(
                    model,
                    GOLDEN.resolve("calibration-windows.json").toAbsolutePath(),
                    GOLDEN.resolve("heldout-windows.json").toAbsolutePath())))
        .run(folder);
  }

  @Test
  void prunes_a_public_story_model_by_plain_text(FxRobot robot) {
    Path shared =
        Path.of(Optional.ofNullable(System.getenv("ESPALIER_SHARED")).orElse("../shared"))
            .resolve("data");
    Path model = shared.resolve("models/stories260K").toAbsolutePath().normalize();
    assumeTrue(Files.isDirectory(model), () -> model + " is not here");
    show(robot, Theme.DARK, 1280, 800);
    Path text = shared.resolve("text/tinystories-sample.txt").toAbsolutePath().normalize();
    new MainJob(
            new WindowRobot(stage, "stories-dark-1280"),
            picker,
            Optional.of(new MainJob.Material(model, text, text)))
        .run(folder);
  }

  @Test
  void a_newcomer_compares_a_method_with_flap_and_exports_in_fifteen_actions(FxRobot robot)
      throws IOException {
    preferences.setMeasuresNewRuns(true);
    show(robot, Theme.LIGHT, 1280, 800);
    assertThat(
            new NewcomersWalk(stage, robot, picker)
                .take(copyOfSample("tales"), "Magnitude-sp", folder))
        .isLessThanOrEqualTo(15);
  }

  @Test
  void a_corrupt_file_is_named_with_what_to_do_and_the_window_goes_on(FxRobot robot)
      throws IOException {
    Path copy = copyOfSample("cut-short");
    Path weights = copy.resolve("model.safetensors");
    try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    WindowRobot window = new WindowRobot(stage, "corrupt");
    CompositionRoot root = show(robot, Theme.LIGHT, 1280, 800);
    picker.willPickFolder(copy);
    window.click("#checkpoint");
    window.click("#toolbar-openFolder");

    window.until(() -> window.isVisible("#notices"));
    assertThat(window.shows(weights.toString())).isTrue();
    assertThat(window.shows("copy or download it again")).isTrue();
    window.shot("told");

    window.click("#dismiss-notice");
    robot.interact(root::openSample);
    window.until(() -> window.shows("sample model"));
  }

  /** The sample model as a folder that the program knows nothing about. */
  private Path copyOfSample(String name) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    for (String file :
        List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(Path.of("resources/sample", file), copy.resolve(file));
    }
    return copy;
  }

  private CompositionRoot show(FxRobot robot, Theme theme, double width, double height) {
    preferences.setTheme(theme);
    CompositionRoot[] root = {null};
    robot.interact(
        () -> {
          root[0] = new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root[0].scene(width, height));
          stage.show();
        });
    return root[0];
  }
}
