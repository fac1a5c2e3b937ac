package org.espalier.ui.prediction;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import org.espalier.ui.help.Help;
import org.espalier.ui.help.NumberHelp;
import org.espalier.ui.help.ViewHelp;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.prediction.PredictionViewModel.Stage;
import org.espalier.ui.prediction.PredictionViewModel.Words;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;

/** The prediction with its band, and what can be done with prices. */
public final class PredictionView {
  private final PredictionViewModel viewModel;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private Label headline;
  @FXML private Label note;
  @FXML private Button measure;
  @FXML private ToggleButton equalise;
  @FXML private Button trial;

  public PredictionView(PredictionViewModel viewModel, Sheets sheets, Messages messages) {
    this.viewModel = viewModel;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    viewModel.words().addListener((property, before, after) -> show(after));
    show(viewModel.words().get());
    viewModel.stage().addListener((property, before, after) -> show(after));
    show(viewModel.stage().get());
    viewModel.equalised().addListener((property, before, after) -> equalise.setSelected(after));
    viewModel.equalising().addListener((property, before, after) -> show(viewModel.stage().get()));
    Help.explainOnClick(headline, NumberHelp.PREDICTED_PERPLEXITY);
    Help.explain(equalise, NumberHelp.PRICE);
    Help.explain(measure, NumberHelp.SENSITIVITY);
    Help.explain(trial, ViewHelp.TRIAL);
    equalise.setTooltip(new Tooltip(messages.text("prediction.equaliseExplained")));
    trial.setTooltip(new Tooltip(messages.text("prediction.tryExplained")));
  }

  private void show(Words words) {
    headline.setText(words.headline());
    note.setText(words.note());
  }

  private void show(Stage stage) {
    boolean measurable = stage == Stage.UNMEASURED || stage == Stage.MEASURING;
    measure.setVisible(measurable);
    measure.setManaged(measurable);
    measure.setText(
        messages.text(stage == Stage.MEASURING ? "prediction.cancel" : "prediction.measure"));
    boolean measured = stage == Stage.MEASURED;
    equalise.setVisible(measured);
    equalise.setManaged(measured);
    equalise.setDisable(viewModel.equalising().get());
    equalise.setSelected(viewModel.equalised().get());
    trial.setDisable(stage == Stage.NOTHING);
  }

  @FXML
  private void measureOrCancel() {
    if (viewModel.stage().get() == Stage.MEASURING) {
      viewModel.cancel();
    } else {
      viewModel.measure();
    }
  }

  @FXML
  private void equalise() {
    boolean wanted = equalise.isSelected();
    // It shows what is, not what was asked for.
    equalise.setSelected(viewModel.equalised().get());
    viewModel.equalise(wanted);
  }

  @FXML
  private void openTrial() {
    sheets.open().set(Sheet.TRIAL);
  }
}
