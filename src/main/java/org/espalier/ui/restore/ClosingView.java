package org.espalier.ui.restore;

import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** Sheet with the question what becomes of jobs that are not done. */
public final class ClosingView {
  private final ClosingViewModel viewModel;

  @FXML private VBox lines;

  public ClosingView(ClosingViewModel viewModel) {
    this.viewModel = viewModel;
  }

  @FXML
  private void initialize() {
    viewModel.lines().addListener((ListChangeListener<String>) change -> show());
  }

  private void show() {
    lines
        .getChildren()
        .setAll(
            viewModel.lines().stream()
                .map(
                    line -> {
                      Label label = new Label(line);
                      label.setWrapText(true);
                      return label;
                    })
                .toList());
  }

  @FXML
  private void waitForJobs() {
    viewModel.waitForJobs();
  }

  @FXML
  private void stopJobs() {
    viewModel.stopJobs();
  }

  @FXML
  private void goBack() {
    viewModel.goBack();
  }
}
