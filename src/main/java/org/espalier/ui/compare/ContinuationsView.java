package org.espalier.ui.compare;

import java.util.List;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.espalier.ui.compare.ContinuationsViewModel.Column;
import org.espalier.ui.platform.Messages;

/** The prompt above, a column for every model below it. */
public final class ContinuationsView {
  private static final double NARROWEST = 150;

  private final ContinuationsViewModel viewModel;
  private final Messages messages;

  @FXML private TextField prompt;
  @FXML private Button start;
  @FXML private Label problem;
  @FXML private HBox columns;

  public ContinuationsView(ContinuationsViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    prompt.textProperty().bindBidirectional(viewModel.prompt());
    problem.textProperty().bind(viewModel.problem());
    problem.visibleProperty().bind(viewModel.problem().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    viewModel.running().addListener((property, before, after) -> name(after));
    name(viewModel.running().get());
    viewModel.columns().addListener((property, before, after) -> show(after));
    show(viewModel.columns().get());
  }

  private void name(boolean running) {
    start.setText(messages.text(running ? "trial.stop" : "trial.start"));
  }

  private void show(List<Column> wanted) {
    columns.getChildren().setAll(wanted.stream().map(this::column).toList());
  }

  private Node column(Column column) {
    Label title =
        new Label(
            column.stored()
                ? messages.text("comparison.storedColumn", column.title())
                : column.title());
    title.getStyleClass().add("pair-title");
    title.setWrapText(true);
    title.setMinHeight(Region.USE_PREF_SIZE);
    TextArea text = new TextArea();
    text.setEditable(false);
    text.setWrapText(true);
    text.setPrefColumnCount(8);
    text.setMinHeight(60);
    text.setAccessibleText(messages.text("comparison.writes", column.title()));
    text.textProperty().bind(column.text().text());
    VBox.setVgrow(text, Priority.ALWAYS);
    VBox box = new VBox(5, title, text);
    box.setMinWidth(NARROWEST);
    HBox.setHgrow(box, Priority.ALWAYS);
    return box;
  }

  @FXML
  private void startOrStop() {
    if (viewModel.running().get()) {
      viewModel.stop();
    } else {
      viewModel.start();
    }
  }
}
