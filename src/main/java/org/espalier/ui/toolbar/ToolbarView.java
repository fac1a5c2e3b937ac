package org.espalier.ui.toolbar;

import java.nio.file.Path;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.shape.Circle;
import org.espalier.ui.compare.ComparisonReports;
import org.espalier.ui.compare.ReadyComparisons;
import org.espalier.ui.evaluation.EvaluationViewModel;
import org.espalier.ui.export.ExportViewModel;
import org.espalier.ui.hub.HubViewModel;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.race.RaceViewModel;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.start.ModelFolders;
import org.espalier.workbench.DeviceOption;
import org.espalier.workbench.EngineStatus;
import org.espalier.workbench.ReadyComparison;

/** The strip along the top: what is open, on which device, and the four main actions. */
public final class ToolbarView {
  private final ToolbarViewModel viewModel;
  private final ModelFolders folders;
  private final EngineViewModel engine;
  private final MethodViewModel method;
  private final EvaluationViewModel evaluation;
  private final ExportViewModel export;
  private final HubViewModel hub;
  private final ReadyComparisons comparisons;
  private final RaceViewModel race;
  private final ComparisonReports reports;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private MenuButton checkpoint;
  @FXML private MenuButton device;
  @FXML private Button analyse;
  @FXML private Button prune;
  @FXML private Button preferences;

  public ToolbarView(
      ToolbarViewModel viewModel,
      ModelFolders folders,
      EngineViewModel engine,
      MethodViewModel method,
      EvaluationViewModel evaluation,
      ExportViewModel export,
      HubViewModel hub,
      ReadyComparisons comparisons,
      RaceViewModel race,
      ComparisonReports reports,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.folders = folders;
    this.engine = engine;
    this.method = method;
    this.evaluation = evaluation;
    this.export = export;
    this.hub = hub;
    this.comparisons = comparisons;
    this.race = race;
    this.reports = reports;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    Label name = new Label();
    name.getStyleClass().add("chip-name");
    name.textProperty().bind(viewModel.checkpoint());
    name.setMinWidth(60);
    name.setMaxWidth(220);
    Label detail = new Label();
    detail.getStyleClass().add("quiet");
    detail.setMinWidth(Region.USE_PREF_SIZE);
    detail.textProperty().bind(viewModel.checkpointDetail());
    checkpoint.setGraphic(new HBox(8, name, detail));
    checkpoint.setOnShowing(event -> fillCheckpointMenu());
    fillCheckpointMenu();
    Circle light = new Circle(4);
    light.getStyleClass().add("engine-light");
    Label state = new Label();
    state.textProperty().bind(engine.text());
    HBox chip = new HBox(7, light, state);
    chip.setAlignment(javafx.geometry.Pos.CENTER_LEFT);
    device.setGraphic(chip);
    Tooltip why = new Tooltip();
    why.textProperty().bind(engine.status().map(EngineStatus::detail));
    why.setWrapText(true);
    why.setMaxWidth(420);
    device.setTooltip(why);
    engine.status().addListener((property, before, after) -> showEngine(light, after));
    showEngine(light, engine.status().get());
    engine.devices().addListener((ListChangeListener<DeviceOption>) change -> fillDevices());
    fillDevices();
    analyse.disableProperty().bind(method.analysing());
    analyse
        .textProperty()
        .bind(
            Bindings.when(method.analysing())
                .then(messages.text("toolbar.analysing"))
                .otherwise(messages.text("toolbar.analyse")));
    prune.disableProperty().bind(viewModel.prunable().not());
    viewModel.prunable().addListener((property, before, after) -> showNextStep());
    viewModel.analysable().addListener((property, before, after) -> showNextStep());
    showNextStep();
    preferences.setGraphic(Icon.SETTINGS.node(14));
  }

  @FXML
  private void analyse() {
    method.analyse();
  }

  @FXML
  private void prune() {
    viewModel.prune();
  }

  @FXML
  private void evaluate() {
    evaluation.propose();
  }

  @FXML
  private void export() {
    export.propose();
  }

  @FXML
  private void preferences() {
    sheets.open().set(Sheets.Sheet.PREFERENCES);
  }

  /** Fills the button of the step that comes next. */
  private void showNextStep() {
    boolean prunable = viewModel.prunable().get();
    mark(prune, prunable);
    mark(analyse, viewModel.analysable().get());
  }

  private static void mark(Button button, boolean next) {
    button.getStyleClass().remove("primary");
    if (next) {
      button.getStyleClass().add("primary");
    }
  }

  private void fillCheckpointMenu() {
    checkpoint
        .getItems()
        .setAll(
            item("toolbar.openFolder", viewModel::chooseFolder),
            item("toolbar.openHub", hub::propose),
            item("toolbar.openSample", viewModel::openSample),
            new SeparatorMenuItem());
    for (ReadyComparison ready : ReadyComparison.values()) {
      checkpoint.getItems().add(comparison(ready));
    }
    checkpoint.getItems().add(item("toolbar.race", race::propose));
    checkpoint.getItems().add(item("toolbar.report", reports::saveAll));
    if (comparisons.report().newest().get().isPresent()) {
      checkpoint.getItems().add(item("toolbar.lastComparison", comparisons.report()::show));
    }
    if (!folders.recent().isEmpty()) {
      checkpoint.getItems().add(new SeparatorMenuItem());
      for (Path folder : folders.recent()) {
        MenuItem recent = new MenuItem(folder.toString());
        recent.setMnemonicParsing(false);
        recent.setOnAction(event -> folders.openAgain(folder));
        checkpoint.getItems().add(recent);
      }
    }
  }

  private MenuItem comparison(ReadyComparison ready) {
    MenuItem item = new MenuItem(messages.text("toolbar.compare", ready.title()));
    item.setId("compare-" + ready.label());
    item.setOnAction(event -> comparisons.start(ready));
    return item;
  }

  private MenuItem item(String key, Runnable action) {
    MenuItem item = new MenuItem(messages.text(key));
    item.setId(key.replace('.', '-'));
    item.setOnAction(event -> action.run());
    return item;
  }

  private void fillDevices() {
    device.getItems().clear();
    for (DeviceOption option : engine.devices()) {
      RadioMenuItem item = new RadioMenuItem(engine.describe(option));
      item.setMnemonicParsing(false);
      item.setSelected(option.name().equals(engine.device()));
      item.setDisable(!option.available());
      item.setOnAction(
          event -> {
            engine.choose(option);
            fillDevices();
          });
      device.getItems().add(item);
      if (!option.available() && !option.hint().isEmpty()) {
        MenuItem hint = new MenuItem(option.hint());
        hint.setMnemonicParsing(false);
        hint.setDisable(true);
        hint.getStyleClass().add("hint");
        device.getItems().add(hint);
      }
    }
    if (device.getItems().isEmpty()) {
      MenuItem waiting = new MenuItem(messages.text("device.waiting"));
      waiting.setDisable(true);
      device.getItems().add(waiting);
    }
  }

  private static void showEngine(Node light, EngineStatus status) {
    for (EngineStatus.State state : EngineStatus.State.values()) {
      light.pseudoClassStateChanged(
          PseudoClass.getPseudoClass(state.name().toLowerCase(java.util.Locale.ROOT)),
          status.state() == state);
    }
  }
}
