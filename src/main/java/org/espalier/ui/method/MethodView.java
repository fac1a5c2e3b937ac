package org.espalier.ui.method;

import java.util.List;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
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

/** Method chooser with the parameters that the chosen method declares. */
public final class MethodView {
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  /** Not a gap of the grid, which would be there for absent objections, too. */
  private static final Insets BELOW_A_PARAMETER = new Insets(0, 0, 8, 0);

  private final MethodViewModel viewModel;
  private final Messages messages;

  @FXML private ComboBox<MethodDescription> method;
  @FXML private GridPane parameters;
  @FXML private VBox calibrationBox;
  @FXML private Button calibration;
  @FXML private TextField samples;
  @FXML private TextField window;
  @FXML private TextField seed;
  @FXML private Label measured;
  @FXML private HelpButton help;

  public MethodView(MethodViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
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
  }

  @FXML
  private void chooseCalibration() {
    viewModel.chooseCalibration();
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
      label.setTooltip(tooltip(parameter.description()));
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
    field.setAccessibleHelp(words.isEmpty() ? parameter.description() : words);
  }

  private Node editor(MethodParameter parameter) {
    if (parameter.choices().isEmpty()) {
      TextField field = new TextField();
      field.setId("parameter-" + parameter.name());
      field.textProperty().bindBidirectional(viewModel.value(parameter));
      field.setMinWidth(60);
      field.setPrefWidth(60);
      field.setTooltip(tooltip(parameter.description()));
      return field;
    }
    ComboBox<String> choice = new ComboBox<>();
    choice.setId("parameter-" + parameter.name());
    choice.getItems().setAll(parameter.choices());
    choice.valueProperty().bindBidirectional(viewModel.value(parameter));
    choice.setTooltip(tooltip(parameter.description()));
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
