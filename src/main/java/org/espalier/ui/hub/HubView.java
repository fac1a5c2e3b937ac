package org.espalier.ui.hub;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.espalier.ui.platform.Messages;

/** Sheet that asks for a model of the hub, shows what it consists of and downloads it. */
public final class HubView {
  private static final int ROW_HEIGHT = 26;
  private static final int MOST_ROWS = 8;

  private final HubViewModel viewModel;
  private final Messages messages;

  @FXML private TextField model;
  @FXML private ListView<HubViewModel.FileLine> files;
  @FXML private Label state;
  @FXML private Label failure;
  @FXML private Button next;
  @FXML private Button close;

  public HubView(HubViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    model.textProperty().bindBidirectional(viewModel.model());
    model.disableProperty().bind(viewModel.busy());
    files.setFixedCellSize(ROW_HEIGHT);
    files.setCellFactory(list -> new FileCell());
    viewModel.files().addListener((property, before, after) -> showFiles());
    showFiles();
    state.textProperty().bind(viewModel.state());
    shownWithText(state);
    failure.textProperty().bind(viewModel.failure());
    shownWithText(failure);
    next.disableProperty().bind(viewModel.busy());
    viewModel.step().addListener((property, before, after) -> showStep(after));
    showStep(viewModel.step().get());
  }

  private static void shownWithText(Label label) {
    label.visibleProperty().bind(label.textProperty().isNotEmpty());
    label.managedProperty().bind(label.visibleProperty());
  }

  private void showFiles() {
    files.getItems().setAll(viewModel.files().get());
    int rows = Math.min(MOST_ROWS, files.getItems().size());
    files.setPrefHeight(rows * ROW_HEIGHT + 2);
    files.setMinHeight(Region.USE_PREF_SIZE);
    files.setVisible(rows > 0);
    files.setManaged(rows > 0);
  }

  private void showStep(HubViewModel.Step step) {
    next.setText(
        messages.text(
            switch (step) {
              case NAME -> "hub.look";
              case LISTING -> "hub.looking";
              case LISTED -> "hub.download";
              case DOWNLOADING -> "hub.running";
              case HERE -> "hub.open";
            }));
    close.setText(
        messages.text(step == HubViewModel.Step.DOWNLOADING ? "hub.stop" : "sheet.cancel"));
  }

  @FXML
  private void next() {
    viewModel.next();
  }

  @FXML
  private void cancel() {
    viewModel.cancel();
  }

  /** Name to the left, size to the right. */
  private static final class FileCell extends ListCell<HubViewModel.FileLine> {
    @Override
    protected void updateItem(HubViewModel.FileLine file, boolean empty) {
      super.updateItem(file, empty);
      if (empty || file == null) {
        setGraphic(null);
        return;
      }
      Label size = new Label(file.size());
      size.getStyleClass().add("quiet");
      size.setMinWidth(Region.USE_PREF_SIZE);
      Label name = new Label(file.name());
      name.setMinWidth(0);
      Region space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      setGraphic(new HBox(8, name, space, size));
    }
  }
}
