package org.espalier.ui.evaluation;

import javafx.collections.FXCollections;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.TextProtocol;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.ui.evaluation.EvaluationViewModel.Subject;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;
import org.espalier.ui.session.Sheets;

/** Sheet that asks what to measure, beside what is known already. */
public final class EvaluationView {
  private final EvaluationViewModel viewModel;
  private final TasksViewModel tasks;
  private final MeasuredViewModel measured;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private ComboBox<Subject> subject;
  @FXML private CheckBox perplexity;
  @FXML private ComboBox<TextProtocol> protocol;
  @FXML private CheckBox speed;
  @FXML private HBox lengths;
  @FXML private TextField batch;
  @FXML private TextField promptTokens;
  @FXML private TextField newTokens;
  @FXML private Button text;
  @FXML private ComboBox<String> window;
  @FXML private ComboBox<BosRule> bos;
  @FXML private TextField maxWindows;
  @FXML private TextField goodEnough;
  @FXML private Button folder;
  @FXML private FlowPane taskList;
  @FXML private ComboBox<TokenisationProfile> profile;
  @FXML private TextField limit;
  @FXML private CheckBox again;
  @FXML private VBox results;
  @FXML private Button start;

  public EvaluationView(
      EvaluationViewModel viewModel,
      TasksViewModel tasks,
      MeasuredViewModel measured,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.tasks = tasks;
    this.measured = measured;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    subject.setConverter(new NamedChoice<>(Subject::name));
    subject.setItems(viewModel.subjects());
    subject.valueProperty().bindBidirectional(viewModel.subject());
    perplexity.selectedProperty().bindBidirectional(viewModel.perplexity());
    protocol.setConverter(new NamedChoice<>(TextProtocol::title));
    protocol.setItems(FXCollections.observableList(viewModel.protocols()));
    protocol.valueProperty().bindBidirectional(viewModel.protocol());
    protocol
        .tooltipProperty()
        .bind(protocol.valueProperty().map(chosen -> new Tooltip(chosen.description())));
    speed.selectedProperty().bindBidirectional(viewModel.speed());
    speed
        .textProperty()
        .bind(
            viewModel
                .subject()
                .map(
                    choice ->
                        messages.text(
                            choice.run().isEmpty()
                                ? "evaluation.speedAlone"
                                : "evaluation.speed")));
    batch.textProperty().bindBidirectional(viewModel.batch());
    promptTokens.textProperty().bindBidirectional(viewModel.promptTokens());
    newTokens.textProperty().bindBidirectional(viewModel.newTokens());
    lengths.disableProperty().bind(speed.selectedProperty().not());
    text.textProperty().bind(viewModel.textName());
    window.getItems().setAll("128", "2048", "4096", messages.text("evaluation.windowModel"));
    window.getEditor().textProperty().bindBidirectional(viewModel.window());
    bos.setConverter(new NamedChoice<>(rule -> messages.text("bos." + rule.name())));
    bos.getItems().setAll(BosRule.values());
    bos.valueProperty().bindBidirectional(viewModel.bos());
    bos.tooltipProperty().bind(bos.valueProperty().map(chosen -> new Tooltip(chosen.words())));
    maxWindows.textProperty().bindBidirectional(viewModel.maxWindows());
    goodEnough.textProperty().bindBidirectional(viewModel.goodEnough());
    again.selectedProperty().bindBidirectional(viewModel.again());
    start.setDisable(false);
    perplexity.selectedProperty().addListener((property, before, after) -> enable());
    speed.selectedProperty().addListener((property, before, after) -> enable());
    initializeTasks();
  }

  private void initializeTasks() {
    folder.textProperty().bind(tasks.folderName());
    profile.setConverter(new NamedChoice<>(TokenisationProfile::name));
    profile.getItems().setAll(TokenisationProfile.values());
    profile.valueProperty().bindBidirectional(tasks.profile());
    profile
        .tooltipProperty()
        .bind(profile.valueProperty().map(chosen -> new Tooltip(chosen.words())));
    limit.textProperty().bindBidirectional(tasks.limit());
    tasks.choices().addListener((property, before, after) -> showChoices());
    showChoices();
    measured.lines().addListener((property, before, after) -> showResults());
    showResults();
  }

  private void showChoices() {
    taskList.getChildren().clear();
    for (TasksViewModel.Choice choice : tasks.choices().get()) {
      CheckBox box = new CheckBox(choice.entry().title());
      box.setId("task-" + choice.entry().task());
      box.selectedProperty().bindBidirectional(choice.wanted());
      box.selectedProperty().addListener((property, before, after) -> enable());
      box.setDisable(!choice.entry().complete());
      HBox cell = new HBox(box);
      cell.setPrefWidth(120);
      if (!choice.entry().complete()) {
        Tooltip.install(
            cell, new Tooltip(messages.text("tasks.missing", choice.entry().missing())));
      }
      taskList.getChildren().add(cell);
    }
    taskList.setManaged(!taskList.getChildren().isEmpty());
  }

  private void showResults() {
    results.getChildren().clear();
    measured.lines().get().forEach(line -> results.getChildren().add(node(line)));
    if (results.getChildren().isEmpty()) {
      Label none = new Label(messages.text("tasks.none"));
      none.getStyleClass().add("quiet");
      none.setWrapText(true);
      results.getChildren().add(none);
    }
  }

  private VBox node(MeasuredLine line) {
    Label title = new Label(line.title());
    title.getStyleClass().add("run-name");
    Label number = new Label(line.number());
    number.getStyleClass().add("figure");
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    number.setMinWidth(Region.USE_PREF_SIZE);
    VBox node = new VBox(1, new HBox(6, title, space, number), quiet(line.detail()));
    if (!line.remarks().isEmpty()) {
      node.getChildren().add(quiet(line.remarks()));
    }
    if (line.order().isPresent()) {
      node.getChildren().add(repetition(line));
    }
    if (!line.description().isEmpty()) {
      Tooltip protocol = new Tooltip(line.description());
      protocol.setWrapText(true);
      protocol.setMaxWidth(420);
      Tooltip.install(node, protocol);
    }
    return node;
  }

  private static Label quiet(String text) {
    Label label = new Label(text);
    label.getStyleClass().add("quiet");
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  private HBox repetition(MeasuredLine line) {
    Hyperlink again = new Hyperlink(messages.text("measured.again"));
    again.getStyleClass().add("measure-again");
    again.setOnAction(event -> measured.again(line));
    Hyperlink copy = new Hyperlink(messages.text("measured.copy"));
    copy.getStyleClass().add("copy-command");
    Tooltip command = new Tooltip(line.command());
    command.setWrapText(true);
    command.setMaxWidth(420);
    copy.setTooltip(command);
    copy.setOnAction(
        event -> {
          ClipboardContent content = new ClipboardContent();
          content.putString(line.command());
          Clipboard.getSystemClipboard().setContent(content);
        });
    return new HBox(10, again, copy);
  }

  private void enable() {
    start.setDisable(!viewModel.anything());
  }

  @FXML
  private void chooseText() {
    viewModel.chooseText();
  }

  @FXML
  private void chooseFolder() {
    tasks.chooseFolder();
  }

  @FXML
  private void start() {
    viewModel.start();
  }

  @FXML
  private void cancel() {
    sheets.close();
  }
}
