package org.espalier.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.espalier.report.heatmap.ColourMap;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.search.SearchSpace;
import org.espalier.search.TreeStructuredParzenEstimator;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.FakeWorkbench;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.TextSize;
import org.espalier.ui.preferences.Theme;
import org.espalier.ui.restore.LastSession;
import org.espalier.workbench.EngineStatus;
import org.espalier.workbench.SearchSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** What the window answers beside the straight way through the main job. */
@ExtendWith(ApplicationExtension.class)
class WindowTest {
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeFilePicker picker = new FakeFilePicker();
  private final FakeWorkbench workbench = new FakeWorkbench(jobs);
  private final MemoryPreferences preferences = new MemoryPreferences();
  private FxExecutor executor;
  private Stage stage;
  private FxRobot robot;
  private WindowRobot window;
  private CompositionRoot root;

  @Start
  void take(Stage shown) {
    stage = shown;
  }

  @BeforeEach
  void open(FxRobot fxRobot) {
    robot = fxRobot;
    window = new WindowRobot(stage, "window");
    executor = new FxExecutor();
    start();
    window.until(() -> window.espalier().geometry() != null);
  }

  /** Begins as the program does; once more, it goes on where it was. */
  private void start() {
    robot.interact(
        () -> {
          root = new CompositionRoot(workbench, executor, picker, preferences, new Messages());
          stage.setScene(root.scene(1280, 800));
          stage.show();
          root.begin(LastSession.read(workbench.session()));
        });
  }

  @AfterEach
  void close() {
    workbench.close();
    executor.close();
    jobs.shutdownNow();
  }

  @Test
  void the_main_job_needs_no_mouse() {
    window.tabTo("#analyse");
    window.press(KeyCode.SPACE);
    window.until(() -> window.isEnabled("#prune"));
    window.tabTo("#espalier");
    window.press(KeyCode.DOWN);
    window.press(KeyCode.DOWN);
    window.press(KeyCode.RIGHT);
    window.press(KeyCode.L);
    window.until(() -> window.isEnabled("#prune"));
    assertThat(window.espalier().focusedSubLayer()).isEqualTo(SubLayer.feedForward(2));
    assertThat(window.text("#pointed-at")).contains("feed-forward of block 2", "locked");
    window.press(KeyCode.LEFT);
    window.press(KeyCode.MINUS);
    window.until(() -> window.text("#pointed-at").contains("by hand"));
    window.shot("keyboard");
    window.press(KeyCode.CONTROL, KeyCode.Z);
    window.until(() -> !window.text("#pointed-at").contains("by hand"));
    window.press(KeyCode.CONTROL, KeyCode.Y);
    window.until(() -> window.text("#pointed-at").contains("by hand"));
    window.tabTo("#prune");
    window.press(KeyCode.SPACE);
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.tabTo("#evaluate");
    window.press(KeyCode.SPACE);
    window.tabTo("#evaluation-start");
    window.press(KeyCode.SPACE);
    window.until(() -> window.shows("rounds, quartiles"));
    assertThat(window.isVisible("#evaluation-start")).isFalse();
  }

  @Test
  void a_model_of_the_hub_is_shown_before_it_is_downloaded_and_then_opened() {
    window.click("#checkpoint");
    window.click("#toolbar-openHub");
    window.until(() -> window.isVisible("#hub-model"));
    window.type("#hub-model", "lab/missing");
    window.until(() -> window.isVisible("#hub-failure"));
    window.shot("hub-refused");
    window.type("#hub-model", "lab/tiny");
    window.until(() -> window.isVisible("#hub-files"));
    assertThat(window.text("#hub-state")).contains("to download");
    window.shot("hub");
    window.click("#hub-next");
    window.until(() -> !window.isVisible("#hub-model") && window.shows("lab-tiny"));
  }

  @Test
  void a_dragged_cut_line_sets_the_row_by_hand_and_the_rest_follows() {
    analyse();
    SubLayer subLayer = SubLayer.feedForward(0);
    window.dragCut(subLayer, 0.5);
    window.until(() -> window.isEnabled("#prune"));

    assertThat(window.text("#pointed-at")).matches(".* keeps 25[4-8] of 512 .* by hand.*");
    assertThat(window.shows("1 sub-layer held")).isTrue();
    window.shot("hand-set");

    window.click("#undo");
    window.until(() -> window.shows("no locks"));
    window.click("#redo");
    window.until(() -> window.shows("1 sub-layer held"));
    window.click("#draft-menu");
    window.click("#draft-releaseAll");
    window.until(() -> window.shows("no locks"));
  }

  @Test
  void the_first_edit_of_a_run_opens_a_draft_from_it_with_snapshots_and_a_history() {
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").equals("Run · flap 30 %"));
    window.clickAt(window.number(3));
    window.until(() -> window.text("#shown").startsWith("Draft from flap 30 %"));
    assertThat(window.shows("draft from flap 30 %")).as("in the list of runs, too").isTrue();

    window.until(() -> window.isEnabled("#prune"));
    window.click("#draft-menu");
    window.shot("draft-menu");
    window.click("#draft-snapshot");
    window.type("#draft-name", "before I locked 5");
    window.clickAt(window.number(5));
    window.until(() -> window.shows("4 sub-layers held"));
    window.click("#history");
    window.shot("history");
    window.click("#history-2");
    window.until(() -> window.shows("2 sub-layers held"));
    window.click("#redo");
    window.until(() -> window.shows("4 sub-layers held"));
    window.click("#draft-menu");
    window.click("#draft-rename");
    window.type("#draft-name", "middle kept");
    window.until(() -> window.text("#shown").startsWith("Middle kept"));

    window.click("#by-index");
    SplitPane columns = robot.lookup("#columns").queryAs(SplitPane.class);
    robot.interact(() -> columns.setDividerPosition(0, 0.25));
    robot.interact(root::finish);
    start();

    window.until(() -> window.text("#shown").startsWith("Middle kept"));
    window.until(() -> window.isEnabled("#prune"));
    assertThat(window.shows("4 sub-layers held")).isTrue();
    assertThat(robot.lookup("#by-index").queryAs(ToggleButton.class).isSelected()).isTrue();
    assertThat(robot.lookup("#columns").queryAs(SplitPane.class).getDividerPositions()[0])
        .isCloseTo(0.25, within(0.01));
    window.shot("reopened");
    window.press(KeyCode.CONTROL, KeyCode.Z);
    window.press(KeyCode.CONTROL, KeyCode.Z);
    window.until(() -> window.shows("2 sub-layers held"));
  }

  @Test
  void a_search_shows_its_trials_as_they_come() {
    assertThat(window.isVisible("#search")).isFalse();

    SearchSpace space =
        new SearchSpace(
            List.of(
                new Variable.Categorical("set", 8),
                new Variable.Continuous("alpha1", 0, 1),
                new Variable.Continuous("alpha2", 0, 1)));
    TreeStructuredParzenEstimator estimator = new TreeStructuredParzenEstimator(space, 3, 10);
    List<Trial> trials = new ArrayList<>();
    while (trials.size() < 27) {
      Map<String, Double> point = estimator.suggest(List.copyOf(trials));
      double distance =
          Math.hypot(point.get("alpha1") - 0.3, point.get("alpha2") - 0.8)
              + 0.1 * Math.abs(point.get("set") - 3);
      trials.add(new Trial(trials.size(), point, 5 + 2 * distance));
      workbench.tellSearch(
          new SearchSnapshot(
              "adapruner 50 %", space, 40, 3.71, "64 held-out windows of 128 tokens", trials));
    }

    window.until(() -> window.text("#search-summary").startsWith("27 of 40 trials"));
    window.shot("search");
    window.click("#search-away");
    window.until(() -> !window.isVisible("#search"));

    window.chooseLine("#method", 5);
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    assertThat(window.isVisible("#searched")).isFalse();
    window.selectLine("#runs", 0);
    workbench.keepSearch(
        workbench.runs().get(0),
        new SearchSnapshot(
            workbench.runs().get(0).name(), space, 27, 3.71, "64 held-out windows", trials));
    window.selectLine("#runs", 2);
    window.until(() -> window.isVisible("#searched"));
    window.click("#searched");
    window.until(() -> window.text("#search-summary").startsWith("27 of 27 trials"));
    window.shot("search-of-a-run");
  }

  @Test
  void a_padlock_locks_one_sub_layer_and_the_number_both() {
    analyse();
    window.clickAt(window.padlock(SubLayer.attention(2)));
    window.until(() -> window.shows("1 sub-layer held"));
    window.clickAt(window.number(5));
    window.until(() -> window.shows("3 sub-layers held"));
  }

  @Test
  void an_infeasible_target_is_explained_and_one_click_away_from_a_feasible_one() {
    analyse();
    for (int block = 0; block < 7; block++) {
      window.clickAt(window.number(block));
    }
    window.type("#exact", "80");
    window.until(() -> window.isVisible("#use-nearest"));
    window.shot("infeasible");
    assertThat(window.shows("The locks leave at most")).isTrue();
    assertThat(window.isEnabled("#prune")).isFalse();

    window.click("#use-nearest");

    window.until(() -> window.isEnabled("#prune"));
    assertThat(window.isVisible("#use-nearest")).isFalse();
  }

  @Test
  void a_running_analysis_shows_its_progress_and_can_be_cancelled() {
    workbench.gate().close();
    window.click("#analyse");
    window.until(() -> window.shows("Measuring block 0 of 8"));
    assertThat(window.isEnabled("#analyse")).isFalse();
    robot.interact(() -> root.openSample());
    robot.interact(() -> root.openSample());
    window.until(() -> window.shows("waiting behind 1 other"));
    window.shot("analysing");
    robot.interact(
        () -> robot.lookup(".job-earlier").<Button>queryAll().forEach(button -> button.fire()));
    window.shot("jobs-reordered");
    robot.interact(() -> root.mayClose(stage::close));
    window.shot("closing");
    window.click("#closing-wait");
    window.until(() -> window.isVisible("#take-offer"));
    window.shot("closing-later");
    window.click("#take-offer");
    assertThat(window.isVisible("#take-offer")).isFalse();

    window.click("Cancel");

    window.until(() -> window.shows("cancelled"));
    window.until(() -> window.isEnabled("#analyse"));
    assertThat(window.isEnabled("#prune")).isFalse();
    assertThat(window.isVisible("#notices")).as("being cancelled is no failure").isFalse();
    workbench.gate().open();
  }

  @Test
  void tasks_are_ticked_in_the_sheet_and_their_results_stand_beside_them() {
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click("#evaluate");
    picker.willPickFolder(Path.of("/data/tasks"));
    window.click("#evaluation-data");
    window.until(() -> window.isVisible("#task-piqa"));
    assertThat(window.isEnabled("#task-hellaswag")).as("its file is not there").isFalse();
    window.click("#task-piqa");
    window.click("#task-arc_easy");
    window.shot("evaluate-tasks");

    window.click("#evaluation-start");
    window.until(() -> window.shows("rounds, quartiles"));
    window.click("#evaluate");

    window.until(() -> window.shows("points against dense"));
    assertThat(window.shows("100 items · HCUR · 0-shot")).isTrue();
    window.shot("evaluate-tasks-measured");
  }

  @Test
  void perplexity_grows_while_it_is_measured() {
    workbench.setEvaluationWindows(60);
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click("#evaluate");
    // All sixty windows of the dense model and forty of the run.
    workbench.gate().closeAfter(100);
    window.click("#evaluation-start");
    window.until(() -> workbench.gate().holdsSomebody());
    window.until(() -> window.shows("Window 41 of 60"));
    window.shot("evaluating");
    workbench.gate().open();
    window.until(() -> window.shows("rounds, quartiles"));
  }

  @Test
  void runs_are_compared_in_one_chart_and_keep_their_colours() {
    analyse();
    for (int method = 0; method < 2; method++) {
      window.chooseLine("#method", method);
      analyse();
      int before = window.lines("#runs");
      window.click("#prune");
      window.until(() -> window.lines("#runs") == before + 1);
      window.until(() -> window.text("#shown").startsWith("Run"));
      window.click("#evaluate");
      window.click("#evaluation-start");
      window.until(() -> !root.isBusy());
    }
    window.shot("two-runs");
    assertThat(window.shows("magnitude 30 %")).isTrue();
    window.selectLine("#runs", 2);
    window.until(() -> window.text("#shown").equals("Run · flap 30 %"));
    assertThat(window.shows("colours are scores of Magnitude")).isTrue();
  }

  @Test
  void runs_are_compared_view_by_view_and_an_audience_sees_them_large(@TempDir Path folder)
      throws Exception {
    picker.willPickFolder(Path.of("/data/tasks"));
    for (int method = 0; method < 2; method++) {
      window.chooseLine("#method", method);
      analyse();
      int before = window.lines("#runs");
      window.click("#prune");
      window.until(() -> window.lines("#runs") == before + 1);
      window.until(() -> window.text("#shown").startsWith("Run"));
      window.click("#evaluate");
      if (method == 0) {
        window.click("#evaluation-data");
        window.until(() -> window.isVisible("#task-piqa"));
        window.click("#task-piqa");
      }
      window.click("#evaluation-start");
      window.until(() -> !root.isBusy());
    }

    window.click("#compare-runs");
    window.until(() -> window.text("#comparison-notes").contains("Whiskers"));
    window.shot("compare-quality");
    window.press(KeyCode.DIGIT2);
    window.until(() -> window.text("#comparison-notes").contains("On this front: dense"));
    window.press(KeyCode.DIGIT3);
    window.until(() -> window.text("#comparison-notes").contains("flap 30 % -"));
    window.shot("compare-tasks");
    window.press(KeyCode.DIGIT4);
    window.press(KeyCode.PAGE_DOWN);
    window.until(() -> window.text("#comparison-empty").contains("Measure agreement"));
    window.click("#comparison-measure");
    window.until(() -> !window.isVisible("#comparison-empty"));
    window.press(KeyCode.DIGIT6);
    window.click("#comparison-start");
    window.until(() -> !root.isBusy());
    assertThat(texts()).hasSize(3);
    assertThat(texts().get(0)).startsWith(" dense0 dense1");
    assertThat(texts().get(2)).startsWith(" magnitude0 magnitude1");

    window.focus("#comparison");
    window.press(KeyCode.DIGIT7);
    TableView<?> table = robot.lookup("#comparison-table .table-view").queryAs(TableView.class);
    assertThat(table.getItems()).hasSize(3);
    window.focus("#comparison-table .table-view");
    window.press(KeyCode.CONTROL, KeyCode.C);
    String copied =
        WaitForAsyncUtils.waitForAsyncFx(5000, () -> Clipboard.getSystemClipboard().getString());
    assertThat(copied).contains("flap 30 %,flap,29.9").contains("dense,,0,");
    window.shot("compare-table");
    window.press(KeyCode.ESCAPE);
    assertThat(window.isVisible("#comparison")).isFalse();

    window.press(KeyCode.F11);
    window.until(() -> window.isVisible("#comparison") && !window.isVisible("#comparison-runs"));
    assertThat(window.text("#comparison-keys")).contains("Esc leaves");
    window.press(KeyCode.ESCAPE);
    window.until(() -> !window.isVisible("#comparison") && !stage.isFullScreen());

    Path page = folder.resolve("side by side.html");
    picker.willPickFile(page);
    window.click("#checkpoint");
    window.click("#toolbar-report");
    window.until(() -> window.shows(page.toString()));
    assertThat(page).content().contains("flap 30 %", "magnitude 30 %");

    window.click("#checkpoint");
    window.click("#toolbar-race");
    window.chooseLine("#race-protocol", 0);
    window.click("#race-start");
    assertThat(window.text("#race-verdict")).contains("needs a text");
    window.chooseLine("#race-protocol", 3);
    window.click("#race-start");
    window.until(() -> window.text("#race-verdict").contains("decided after"));
    Path picture = folder.resolve("race.svg");
    picker.willPickFile(picture);
    window.click("#race-take");
    window.click("#race-svg");
    window.until(() -> Files.isRegularFile(picture));
  }

  private List<String> texts() {
    return robot.lookup("#comparison-texts .text-area").<TextArea>queryAll().stream()
        .map(TextArea::getText)
        .toList();
  }

  @Test
  void a_wrong_folder_is_told_in_the_window_and_the_sentence_can_be_dismissed() {
    picker.willPickFolder(Path.of("/models/broken"));
    window.click("#checkpoint");
    window.click("#toolbar-openFolder");
    window.until(() -> window.isVisible("#notices"));
    window.shot("wrong-folder");
    assertThat(window.shows("holds no config.json")).isTrue();
    window.click(".job-log");
    window.until(() -> window.isVisible("#job-log"));
    assertThat(window.text("#job-log-title")).isEqualTo("Log: Open broken");
    window.shot("job-log");
    window.click("#job-log-copy");
    window.press(KeyCode.ESCAPE);
    window.click(".job-retry");
    window.until(() -> window.shows("holds no config.json"));

    window.click("#dismiss-notice");

    assertThat(window.isVisible("#notices")).isFalse();
  }

  @Test
  void a_full_disk_is_told_and_pruning_is_tried_again_once_there_is_space() {
    analyse();
    workbench.failNextPruning(
        "/workspace/flap-30: cannot be written: No space left on device; free some space.");
    window.click("#prune");
    window.until(() -> window.isVisible("#notices"));
    assertThat(window.shows("No space left on device")).isTrue();
    assertThat(window.text("#shown")).as("the draft is still there").startsWith("Draft");
    window.shot("no-space");

    window.click(".job-retry");

    window.until(() -> window.text("#shown").startsWith("Run"));
    window.until(() -> !window.shows("No space left on device"));
  }

  @Test
  void a_run_is_renamed_and_deleted_in_its_line() {
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click(".quiet-menu");
    window.shot("run-menu");
    window.click("#runs-rename");
    window.type("#run-name", "keeps the first block");
    window.until(() -> window.text("#shown").equals("Run · keeps the first block"));

    window.click(".quiet-menu");
    window.click("#runs-notes");
    robot.write("drains block 3");
    window.shot("run-notes");
    window.press(KeyCode.CONTROL, KeyCode.ENTER);
    window.until(() -> window.shows("drains block 3"));
    window.shot("runs-columns");
    window.focus("#runs");
    window.press(KeyCode.DELETE);
    window.until(() -> window.lines("#runs") == 2);
    window.shot("deleted");
    window.click("#take-offer");
    window.until(() -> window.lines("#runs") == 3);
    window.selectLine("#runs", 2);
    window.focus("#runs");
    window.press(KeyCode.DELETE);
    window.until(() -> window.lines("#runs") == 2);
    window.click("#runs-trash");
    window.until(() -> window.isVisible("#deleted-runs"));
    window.shot("trash");
    window.press(KeyCode.ENTER);
    window.press(KeyCode.ESCAPE);
    window.until(() -> window.lines("#runs") == 3);
    window.selectLine("#runs", 2);
    window.click(".quiet-menu");
    window.click("#runs-delete");
    window.until(() -> window.lines("#runs") == 2);
    assertThat(window.text("#shown")).startsWith("Draft");
  }

  @Test
  void a_run_is_recovered_while_its_loss_is_watched() {
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click(".quiet-menu");
    window.click("#runs-recover");
    window.shot("recovery");
    window.fill("#recovery-rank", "8");
    workbench.gate().closeAfter(63);
    window.click("#recovery-start");
    window.until(() -> window.text("#recovery-state").startsWith("Step 62 of 100"));
    window.shot("recovery-live");
    workbench.gate().open();
    window.until(() -> window.text("#recovery-state").startsWith("Trained from"));
    window.shot("recovered");
    window.click("#recovery-close");

    assertThat(window.text("#shown")).endsWith(", recovered");
    assertThat(window.lines("#runs")).isEqualTo(4);
  }

  @Test
  void preferences_take_effect_at_once_and_are_remembered() {
    analyse();
    window.click("#preferences");
    window.shot("preferences");
    window.click("#theme-dark");
    window.chooseLine("#preferred-colours", 3);
    window.click("#text-large");
    window.chooseLine("#preferred-threads", 1);
    window.until(() -> workbench.threads() == 1);
    window.shot("preferences-changed");
    window.press(KeyCode.ESCAPE);

    assertThat(preferences.theme()).contains(Theme.DARK);
    assertThat(preferences.colourMap()).contains(ColourMap.GREY);
    assertThat(preferences.textSize()).isEqualTo(TextSize.LARGE);
    assertThat(preferences.threads()).isEqualTo(1);
    assertThat(window.isVisible("#theme-dark")).isFalse();
    window.shot("large-dark-grey");

    picker.willPickFolder(Path.of("/data/runs"));
    window.click("#preferences");
    window.click("#preferred-workspace");
    assertThat(preferences.workspace()).contains(Path.of("/data/runs"));
    assertThat(window.text("#preferred-workspace")).isEqualTo(Path.of("/data/runs").toString());
    window.click("#open-about");
    window.until(() -> window.isVisible("#about-close"));
    window.shot("about");
    assertThat(window.shows("OFL-1.1")).isTrue();
    window.click("#about-close");
  }

  @Test
  void a_failed_engine_is_a_visible_state_with_its_reason() {
    robot.interact(
        () ->
            workbench.setEngineStatus(
                new EngineStatus(
                    EngineStatus.State.FAILED,
                    "libtorch could not be unpacked to /tmp: the disk is full. Free 500 MB and"
                        + " start again.")));
    window.until(() -> window.shows("cpu · failed"));
    window.shot("engine-failed");
    assertThat(window.shows("the disk is full")).isTrue();
  }

  @Test
  void devices_show_their_memory_and_what_is_missing() {
    window.click("#device");
    window.shot("devices");
    assertThat(window.shows("cpu · 20.00 GiB free")).isTrue();
    assertThat(window.shows("libtorch 2.7.1+cu128")).isTrue();
  }

  @Test
  void eighty_blocks_stay_readable() {
    picker.willPickFolder(Path.of("/models/llama-70b"));
    window.click("#checkpoint");
    window.click("#toolbar-openFolder");
    window.until(() -> window.shows("llama-70b"));
    window.chooseLine("#method", 1);
    analyse();
    window.point(window.unit(SubLayer.feedForward(40), 0.3));
    window.until(() -> window.text("#pointed-at").contains("score"));
    window.shot("eighty-blocks");

    assertThat(window.choice("#context")).isEqualTo(1024);
    assertThat(window.text("#pointed-at")).startsWith("block 40 · ").contains("channels");
  }

  @Test
  void several_rows_are_chosen_by_keys_and_acted_on_together() {
    analyse();
    window.focus("#espalier");
    window.press(KeyCode.RIGHT);
    window.press(KeyCode.DOWN);
    window.press(KeyCode.DOWN);
    window.press(KeyCode.SHIFT, KeyCode.DOWN);
    window.press(KeyCode.SHIFT, KeyCode.DOWN);
    window.until(() -> window.shows("3 sub-layers selected"));
    window.click("#selection-even-out");
    window.until(() -> window.shows("3 sub-layers held"));
    window.shot("selected");
    window.focus("#espalier");
    window.press(KeyCode.L);
    window.until(() -> window.text("#pointed-at").contains("locked"));
    window.press(KeyCode.R);
    window.until(() -> window.shows("no locks"));
    window.press(KeyCode.ESCAPE);
    window.until(() -> !window.shows("selected"));
  }

  @Test
  void another_run_lies_over_the_draft_to_compare_with() {
    analyse();
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.selectLine("#runs", 0);
    window.type("#exact", "45");
    window.until(() -> window.isEnabled("#prune"));
    window.click("#compare");
    window.click("#compare-with-1");
    window.shot("compared");
    assertThat(window.shows("Dashed: flap 30 %")).isTrue();
    window.point(window.bar(SubLayer.feedForward(2), 0.5));
    window.until(() -> window.text("#pointed-at").contains("flap 30 % keeps"));
  }

  @Test
  void a_method_that_judges_sub_layers_shows_what_it_thinks_of_them() {
    window.chooseLine("#method", 3);
    analyse();
    window.shot("sub-layer-columns");
    EspalierLayout layout = window.espalier().geometry();
    assertThat(layout.column(SubLayerKind.FEED_FORWARD, 1).right())
        .isLessThanOrEqualTo(layout.padlock(SubLayerKind.FEED_FORWARD).left());
  }

  @Test
  void a_method_without_unit_scores_shows_no_cells_and_what_is_removed_says_so() {
    window.chooseLine("#method", 4);
    analyse();
    window.dragCut(SubLayer.attention(3), 0);
    window.until(() -> window.isEnabled("#prune"));
    window.point(window.unit(SubLayer.feedForward(5), 0.3));
    window.until(() -> window.text("#pointed-at").contains("does not tell its units apart"));
    window.shot("whole-sub-layers");
  }

  @Test
  void a_hundred_and_twenty_eight_heads_merge_into_visible_cells() {
    picker.willPickFolder(Path.of("/models/mha-7b"));
    window.click("#checkpoint");
    window.click("#toolbar-openFolder");
    window.until(() -> window.shows("mha-7b"));
    window.chooseLine("#method", 1);
    analyse();
    window.point(window.unit(SubLayer.attention(9), 0.8));
    window.shot("many-heads");
    assertThat(window.text("#pointed-at")).contains("head groups", "ranks");
  }

  @Test
  void one_block_large_shows_its_curves_and_lets_single_units_be_kept_and_dropped() {
    analyse();
    window.focus("#espalier");
    window.press(KeyCode.DOWN);
    window.press(KeyCode.DOWN);
    window.press(KeyCode.ENTER);
    window.until(() -> window.isVisible("#block-title"));
    assertThat(window.text("#block-title")).isEqualTo("Block 2");
    window.press(KeyCode.RIGHT);
    assertThat(window.text("#block-marked")).contains("channel").endsWith("removed");
    window.press(KeyCode.K);
    window.until(() -> window.text("#block-marked").endsWith("kept by hand"));
    window.click("#block-ATTENTION");
    window.press(KeyCode.LEFT);
    window.click("#unit-drop");
    window.until(() -> window.text("#block-marked").endsWith("dropped by hand"));
    window.shot("one-block");
    window.click("#block-next");
    assertThat(window.text("#block-title")).isEqualTo("Block 3");
    window.click("#preferences");
    window.click("#theme-dark");
    window.press(KeyCode.ESCAPE);
    robot.interact(() -> stage.setWidth(1440));
    robot.interact(() -> stage.setHeight(900));
    window.click("#by-index");
    window.shot("one-block-dark-by-index");
    window.click("#by-score");
    window.click("#block-close");
    window.until(() -> !window.isVisible("#block-title"));
    window.press(KeyCode.CONTROL, KeyCode.Z);
    window.press(KeyCode.CONTROL, KeyCode.Z);
    window.until(() -> !window.isEnabled("#undo"));
  }

  @Test
  void every_state_has_a_mark_of_its_own() {
    analyse();
    window.type("#exact", "65");
    window.until(() -> window.isEnabled("#prune"));
    window.clickAt(window.number(7));
    window.drag(window.bar(SubLayer.feedForward(4), 0.3), window.bar(SubLayer.feedForward(4), 0.8));
    window.until(() -> window.isEnabled("#prune"));
    window.point(window.padlock(SubLayer.feedForward(0)));
    window.until(() -> window.text("#pointed-at").contains("at the method’s limit"));
    window.shot("states");
  }

  @Test
  void where_it_will_run_is_chosen_before_pruning_and_its_price_is_shown() {
    analyse();
    window.chooseLine("#destination", 1);
    window.until(() -> window.isVisible("#destination-cost"));
    window.until(() -> window.isEnabled("#prune"));
    assertThat(window.text("#destination-note")).contains("equal widths in all blocks");
    window.point(window.padlock(SubLayer.feedForward(2)));
    window.until(() -> window.text("#pointed-at").contains("fitted to where it will run"));
    window.click("#destination-measure");
    window.until(() -> window.text("#destination-cost").startsWith("7.60"));
    window.shot("destination");
    window.click("#preferences");
    window.click("#theme-dark");
    window.press(KeyCode.ESCAPE);
    window.click("#destination-both");
    window.until(() -> !window.shows("Dashed"));
    window.shot("destination-dark");
  }

  @Test
  void a_reopened_run_keeps_its_block_numbers_and_says_what_was_removed() {
    window.chooseLine("#method", 4);
    analyse();
    window.type("#exact", "45");
    window.until(() -> window.isEnabled("#prune"));
    window.click("#prune");
    window.until(() -> window.text("#shown").startsWith("Run"));
    window.click(".quiet-menu");
    window.click("#runs-open");
    window.until(() -> window.text("#shown").equals("The espalier"));
    window.chooseLine("#method", 1);
    analyse();
    window.shot("reopened-with-removed");
    EspalierLayout layout = window.espalier().geometry();
    assertThat(layout.model().blocks()).hasSize(8);
    assertThat(layout.model().subLayers())
        .anyMatch(subLayer -> layout.model().units(subLayer) == 0);
  }

  @Test
  void help_answers_beside_every_panel_and_by_key_in_every_field() {
    window.chooseLine("#method", 0);
    robot.interact(() -> robot.lookup("#help-BUDGET").query().requestFocus());
    window.press(KeyCode.SPACE);
    window.until(() -> window.shows("What the shown allocation takes"));
    window.shot("help-budget");
    robot.clickOn(robot.lookup(".help-parts > .hyperlink").nth(3).<Node>query());
    window.until(() -> window.shows("at batch 1: the weights that take part"));
    window.press(KeyCode.ESCAPE);
    window.until(() -> !window.shows("at batch 1: the weights that take part"));
    window.focus("#parameter-variant");
    window.press(KeyCode.F1);
    window.until(() -> window.shows("one of official, corrected"));
    window.shot("help-parameter");
    window.press(KeyCode.ESCAPE);
    window.focus("#espalier");
    window.press(KeyCode.F1);
    window.until(() -> window.shows("One row for each block"));
    window.press(KeyCode.ESCAPE);
    window.click("#preferences");
    window.click("#theme-dark");
    window.press(KeyCode.F1);
    window.until(() -> window.shows("How the window looks"));
    window.press(KeyCode.ESCAPE);
    window.press(KeyCode.ESCAPE);
    window.until(() -> !window.isVisible("#theme-dark"));
    window.click("#help-METHOD");
    window.until(() -> window.shows("outputs fluctuate least"));
    window.shot("help-method-dark");
  }

  @Test
  void a_wrong_value_is_explained_at_its_field() {
    window.chooseLine("#method", 2);
    window.fill("#parameter-seed", "many");
    window.until(() -> window.isVisible("#objection-seed"));
    assertThat(window.text("#objection-seed")).contains("a whole number from 0 to", "'many'");
    window.fill("#parameter-seed", "7");
    window.until(() -> !window.isVisible("#objection-seed"));
  }

  @Test
  void a_parameter_that_says_yes_or_no_is_a_box_that_keeps_its_state() {
    window.chooseLine("#method", 2);
    window.click("#parameter-compensation");
    window.chooseLine("#method", 0);
    window.chooseLine("#method", 2);
    assertThat(robot.lookup("#parameter-compensation").queryAs(CheckBox.class).isSelected())
        .isTrue();
  }

  private void analyse() {
    window.click("#analyse");
    window.until(() -> window.isEnabled("#prune"));
  }
}
