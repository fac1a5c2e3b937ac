package org.espalier.ui.race;

import javafx.beans.binding.Bindings;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.TextProtocol;
import org.espalier.report.chart.ChartStyle;
import org.espalier.ui.charts.ChartFrame;
import org.espalier.ui.charts.FigureMenu;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.session.Sheets;

/** Sheet on which runs race: who takes part, the difference as it settles, and the verdict. */
public final class RaceView {
  private static final int SAVED_WIDTH = 900;
  private static final int SAVED_HEIGHT = 480;

  private final RaceViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Sheets sheets;
  private final Messages messages;
  private ChartFrame chartFrame;

  @FXML private VBox models;
  @FXML private Button text;
  @FXML private ComboBox<TextProtocol> protocol;
  @FXML private MenuButton take;
  @FXML private Button folder;
  @FXML private ComboBox<String> window;
  @FXML private ComboBox<BosRule> bos;
  @FXML private TextField maxWindows;
  @FXML private Label verdict;
  @FXML private StackPane frame;
  @FXML private Label detail;
  @FXML private Button start;

  public RaceView(
      RaceViewModel viewModel, PreferencesViewModel preferences, Sheets sheets, Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    chartFrame = new ChartFrame(frame);
    viewModel.choices().addListener((property, before, after) -> showChoices());
    text.textProperty().bind(viewModel.textName());
    protocol.setConverter(new NamedChoice<>(TextProtocol::title));
    protocol.getItems().setAll(viewModel.protocols());
    protocol.valueProperty().bindBidirectional(viewModel.protocol());
    take.getItems()
        .setAll(
            FigureMenu.items(
                "race",
                format -> viewModel.save(format, style(), SAVED_WIDTH, SAVED_HEIGHT),
                () -> viewModel.figureOrNotice(style(), SAVED_WIDTH, SAVED_HEIGHT),
                messages));
    folder.textProperty().bind(viewModel.folderName());
    window.getItems().setAll("128", "2048", "4096", messages.text("evaluation.windowModel"));
    window.getEditor().textProperty().bindBidirectional(viewModel.window());
    bos.setConverter(new NamedChoice<>(rule -> messages.text("bos." + rule.name())));
    bos.getItems().setAll(BosRule.values());
    bos.valueProperty().bindBidirectional(viewModel.bos());
    bos.tooltipProperty().bind(bos.valueProperty().map(chosen -> new Tooltip(chosen.words())));
    maxWindows.textProperty().bindBidirectional(viewModel.maxWindows());
    verdict
        .textProperty()
        .bind(
            Bindings.when(viewModel.verdict().isEmpty())
                .then(messages.text("race.question"))
                .otherwise(viewModel.verdict()));
    detail.textProperty().bind(viewModel.detail());
    start
        .textProperty()
        .bind(
            Bindings.when(viewModel.running())
                .then(messages.text("race.stop"))
                .otherwise(messages.text("race.start")));
    models.disableProperty().bind(viewModel.running());
    viewModel.history().addListener((property, before, after) -> draw());
    preferences.theme().addListener((property, before, after) -> draw());
    draw();
  }

  private void showChoices() {
    models.getChildren().clear();
    for (RaceViewModel.Choice choice : viewModel.choices().get()) {
      CheckBox box = new CheckBox(choice.model().name());
      box.setId("race-model-" + models.getChildren().size());
      box.setMnemonicParsing(false);
      box.selectedProperty().bindBidirectional(choice.wanted());
      models.getChildren().add(box);
    }
  }

  private void draw() {
    chartFrame.show(viewModel.figure(style(), 0, 0).chart());
  }

  private ChartStyle style() {
    return RunColours.style(preferences.theme().get());
  }

  @FXML
  private void chooseText() {
    viewModel.chooseText();
  }

  @FXML
  private void chooseFolder() {
    viewModel.chooseFolder();
  }

  @FXML
  private void startOrStop() {
    viewModel.startOrStop();
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
