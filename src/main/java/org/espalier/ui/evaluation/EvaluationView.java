package org.espalier.ui.evaluation;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextField;
import javafx.util.StringConverter;
import org.espalier.ui.evaluation.EvaluationViewModel.Subject;
import org.espalier.ui.session.Sheets;

/** Sheet that asks what to measure. */
public final class EvaluationView {
  private final EvaluationViewModel viewModel;
  private final Sheets sheets;

  @FXML private ComboBox<Subject> subject;
  @FXML private CheckBox perplexity;
  @FXML private CheckBox speed;
  @FXML private Button text;
  @FXML private TextField window;
  @FXML private TextField maxWindows;
  @FXML private Button start;

  public EvaluationView(EvaluationViewModel viewModel, Sheets sheets) {
    this.viewModel = viewModel;
    this.sheets = sheets;
  }

  @FXML
  private void initialize() {
    subject.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(Subject choice) {
            return choice == null ? "" : choice.name();
          }

          @Override
          public Subject fromString(String name) {
            throw new UnsupportedOperationException("the list is not editable");
          }
        });
    subject.setItems(viewModel.subjects());
    subject.valueProperty().bindBidirectional(viewModel.subject());
    perplexity.selectedProperty().bindBidirectional(viewModel.perplexity());
    speed.selectedProperty().bindBidirectional(viewModel.speed());
    speed
        .disableProperty()
        .bind(viewModel.subject().map(choice -> choice.run().isEmpty()).orElse(true));
    text.textProperty().bind(viewModel.textName());
    window.textProperty().bindBidirectional(viewModel.window());
    maxWindows.textProperty().bindBidirectional(viewModel.maxWindows());
    start
        .disableProperty()
        .bind(perplexity.selectedProperty().not().and(speed.selectedProperty().not()));
  }

  @FXML
  private void chooseText() {
    viewModel.chooseText();
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
