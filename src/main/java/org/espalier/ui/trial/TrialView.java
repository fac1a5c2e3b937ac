package org.espalier.ui.trial;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Sheets;

/** The prompt above, both continuations below it side by side. */
public final class TrialView {
  private final TrialViewModel viewModel;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private TextField prompt;
  @FXML private TextArea dense;
  @FXML private TextArea drafted;
  @FXML private Label draftTitle;
  @FXML private Label problem;
  @FXML private Button start;

  public TrialView(TrialViewModel viewModel, Sheets sheets, Messages messages) {
    this.viewModel = viewModel;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    prompt.textProperty().bindBidirectional(viewModel.prompt());
    dense.textProperty().bind(viewModel.dense());
    drafted.textProperty().bind(viewModel.drafted());
    draftTitle.textProperty().bind(viewModel.title());
    problem.textProperty().bind(viewModel.problem());
    problem.visibleProperty().bind(viewModel.problem().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    viewModel.running().addListener((property, before, after) -> show(after));
    show(viewModel.running().get());
  }

  private void show(boolean running) {
    start.setText(messages.text(running ? "trial.stop" : "trial.start"));
  }

  @FXML
  private void startOrStop() {
    if (viewModel.running().get()) {
      viewModel.stop();
    } else {
      viewModel.start();
    }
  }

  @FXML
  private void close() {
    viewModel.stop();
    sheets.close();
  }
}
