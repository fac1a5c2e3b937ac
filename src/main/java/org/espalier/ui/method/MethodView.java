package org.espalier.ui.method;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.StringProperty;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.converter.BooleanStringConverter;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodParameter;
import org.espalier.ui.help.Help;
import org.espalier.ui.help.HelpButton;
import org.espalier.ui.help.MethodHelp;
import org.espalier.ui.help.NumberHelp;
import org.espalier.ui.help.ParameterHelp;
import org.espalier.ui.help.ViewHelp;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;
import org.espalier.ui.search.SearchViewModel;
import org.espalier.workbench.SearchSnapshot;

/** Method chooser with the parameters that the chosen method declares. */
public final class MethodView {
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  /** Not a gap of the grid, which would be there for absent objections, too. */
  private static final Insets BELOW_A_PARAMETER = new Insets(0, 0, 8, 0);

  private final MethodViewModel viewModel;
  private final SearchViewModel search;
  private final Messages messages;

  @FXML private ComboBox<MethodDescription> method;
  @FXML private GridPane parameters;
  @FXML private VBox calibrationBox;
  @FXML private Button calibration;
  @FXML private TextField samples;
  @FXML private TextField window;
  @FXML private TextField seed;
  @FXML private Hyperlink stories;
  @FXML private Label standIn;
  @FXML private Label measured;
  @FXML private Hyperlink searched;
  @FXML private HelpButton help;

  public MethodView(MethodViewModel viewModel, SearchViewModel search, Messages messages) {
    this.viewModel = viewModel;
    this.search = search;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    method.getItems().setAll(viewModel.methods());
    method.setConverter(new NamedChoice<>(MethodDescription::title));
    method.valueProperty().bindBidirectional(viewModel.method());
    viewModel.method().addListener((property, before, after) -> showParameters(after));
    showParameters(viewModel.method().get());
    calibration.textProperty().bind(viewModel.calibration());
    stories.visibleProperty().bind(viewModel.canForgetCalibration());
    stories.managedProperty().bind(stories.visibleProperty());
    standIn.textProperty().bind(viewModel.standInNote());
    standIn.visibleProperty().bind(standIn.textProperty().isNotEmpty());
    standIn.managedProperty().bind(standIn.visibleProperty());
    samples.textProperty().bindBidirectional(viewModel.samples());
    window.textProperty().bindBidirectional(viewModel.window());
    seed.textProperty().bindBidirectional(viewModel.seed());
    help.explain(
        () ->
            viewModel.method().get() == null
                ? ViewHelp.METHOD
                : new MethodHelp(viewModel.method().get()));
    for (Node field : List.of(calibration, samples, window, seed)) {
      Help.explain(field, NumberHelp.CALIBRATION);
    }
    measured.textProperty().bind(viewModel.measured());
    measured.managedProperty().bind(measured.textProperty().isNotEmpty());
    searched.managedProperty().bind(searched.visibleProperty());
    search.ofShownRun().addListener((property, before, after) -> offer(after));
    offer(search.ofShownRun().get());
  }

  @FXML
  private void chooseCalibration() {
    viewModel.chooseCalibration();
  }

  @FXML
  private void showSearch() {
    search.showOfShownRun();
  }

  private void offer(Optional<SearchSnapshot> kept) {
    searched.setVisible(kept.isPresent());
    kept.ifPresent(
        found -> searched.setText(messages.text("method.searched", found.trials().size())));
  }

  @FXML
  private void useStories() {
    viewModel.forgetCalibration();
  }

  private void showParameters(MethodDescription description) {
    parameters.getChildren().clear();
    calibrationBox.setVisible(viewModel.needsCalibration());
    calibrationBox.setManaged(viewModel.needsCalibration());
    if (description == null) {
      return;
    }
    method.setTooltip(
        tooltip(messages.text("method.about", description.summary(), description.source())));
    int row = 0;
    for (MethodParameter parameter : description.parameters()) {
      Node editor = editor(parameter);
      Label label = new Label(parameter.name());
      label.getStyleClass().add("quiet");
      label.setMinWidth(Region.USE_PREF_SIZE);
      label.setLabelFor(editor);
      label.setTooltip(tooltip(explanation(parameter)));
      ParameterHelp explained = new ParameterHelp(description, parameter);
      Help.explainOnClick(label, explained);
      Help.explain(editor, explained);
      parameters.addRow(row++, label, editor);
      if (editor instanceof TextField field) {
        parameters.add(objection(field, parameter), 0, row++, 2, 1);
      }
      GridPane.setHgrow(editor, Priority.ALWAYS);
      GridPane.setMargin(editor, BELOW_A_PARAMETER);
      GridPane.setMargin(label, BELOW_A_PARAMETER);
    }
  }

  /** What is wrong with what stands in the field, below it. */
  private Label objection(TextField field, MethodParameter parameter) {
    Label objection = new Label();
    objection.getStyleClass().addAll("note", "failure");
    objection.setId("objection-" + parameter.name());
    objection.setWrapText(true);
    objection.setMinHeight(Region.USE_PREF_SIZE);
    objection.visibleProperty().bind(objection.textProperty().isNotEmpty());
    objection.managedProperty().bind(objection.visibleProperty());
    field
        .textProperty()
        .addListener((property, before, after) -> judge(field, parameter, objection));
    judge(field, parameter, objection);
    return objection;
  }

  private void judge(TextField field, MethodParameter parameter, Label objection) {
    String words = viewModel.objection(parameter);
    objection.setText(words);
    field.pseudoClassStateChanged(WRONG, !words.isEmpty());
    field.setAccessibleHelp(words.isEmpty() ? explanation(parameter) : words);
  }

  /** What it does and what it may be. */
  private String explanation(MethodParameter parameter) {
    return messages.text("method.parameter", parameter.description(), parameter.range().words());
  }

  private Node editor(MethodParameter parameter) {
    Control editor = control(parameter);
    editor.setId("parameter-" + parameter.name());
    editor.setTooltip(tooltip(explanation(parameter)));
    return editor;
  }

  private Control control(MethodParameter parameter) {
    if (parameter.isFlag()) {
      return box(parameter);
    }
    return parameter.choices().isEmpty() ? field(parameter) : choice(parameter);
  }

  private TextField field(MethodParameter parameter) {
    TextField field = new TextField();
    field.textProperty().bindBidirectional(viewModel.value(parameter));
    field.setMinWidth(60);
    field.setPrefWidth(60);
    return field;
  }

  private CheckBox box(MethodParameter parameter) {
    CheckBox box = new CheckBox();
    StringProperty value = viewModel.value(parameter);
    // Binding takes the box's state first.
    box.setSelected(Boolean.parseBoolean(value.get()));
    value.bindBidirectional(box.selectedProperty(), new BooleanStringConverter());
    return box;
  }

  private ComboBox<String> choice(MethodParameter parameter) {
    ComboBox<String> choice = new ComboBox<>();
    choice.getItems().setAll(parameter.choices());
    choice.valueProperty().bindBidirectional(viewModel.value(parameter));
    choice.setMinWidth(60);
    choice.setPrefWidth(60);
    choice.setMaxWidth(Double.MAX_VALUE);
    return choice;
  }

  private static Tooltip tooltip(String text) {
    Tooltip tooltip = new Tooltip(text);
    tooltip.setWrapText(true);
    tooltip.setMaxWidth(420);
    return tooltip;
  }
}
