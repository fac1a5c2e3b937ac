package org.espalier.ui.allocation;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import org.espalier.ui.help.Help;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;

/** The budget as a small table; its labels stay and only change their texts. */
public final class BudgetView {
  /** Keeps the figures from moving while they change. */
  private static final double LEAST_FIGURE_WIDTH = 64;

  private final BudgetViewModel viewModel;
  private final Messages messages;
  private final List<Row> rows = new ArrayList<>();

  @FXML private GridPane table;
  @FXML private HBox contextChoice;
  @FXML private ComboBox<Integer> context;
  @FXML private Label empty;
  @FXML private Label remark;

  /** The labels of one line. */
  private record Row(Label label, Label before, Label after, Tooltip explanation) {}

  public BudgetView(BudgetViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    viewModel.lines().addListener((property, before, after) -> show(after));
    show(viewModel.lines().get());
    context.setConverter(new NamedChoice<>(length -> messages.text("budget.tokens", length)));
    viewModel
        .context()
        .addListener((property, before, after) -> context.setValue(after.intValue()));
    viewModel.contexts().addListener((ListChangeListener<Integer>) change -> offer());
    offer();
    context
        .valueProperty()
        .addListener(
            (property, before, chosen) -> {
              if (chosen != null) {
                viewModel.context().set(chosen);
              }
            });
    remark.textProperty().bind(viewModel.remark());
    remark.visibleProperty().bind(remark.textProperty().isNotEmpty());
    remark.managedProperty().bind(remark.visibleProperty());
  }

  /** New choices take a box its value, even where the value is among them. */
  private void offer() {
    context.getItems().setAll(viewModel.contexts());
    if (viewModel.contexts().contains(viewModel.context().get())) {
      context.setValue(viewModel.context().get());
    }
  }

  private void show(List<BudgetViewModel.Line> lines) {
    contextChoice.setVisible(!lines.isEmpty());
    empty.setVisible(lines.isEmpty());
    empty.setManaged(lines.isEmpty());
    if (rows.size() != lines.size()) {
      rows.clear();
      table.getChildren().clear();
      for (int row = 0; row < lines.size(); row++) {
        rows.add(addRow(row));
      }
    }
    for (int row = 0; row < lines.size(); row++) {
      BudgetViewModel.Line line = lines.get(row);
      Row shown = rows.get(row);
      shown.label().setText(line.label());
      Help.explainOnClick(shown.label(), line.help());
      shown.before().setText(line.before().isEmpty() ? "" : line.before() + " →");
      shown.after().setText(line.after());
      String style = line.leading() ? "leading-figure" : "strong-figure";
      if (!shown.after().getStyleClass().contains(style)) {
        shown.after().getStyleClass().setAll("label", style);
      }
      shown.explanation().setText(line.explanation());
    }
  }

  private Row addRow(int row) {
    Label label = cell("budget-label");
    Label before = cell("quiet");
    Label after = cell("strong-figure");
    after.setMinWidth(LEAST_FIGURE_WIDTH);
    after.setAlignment(Pos.CENTER_RIGHT);
    table.addRow(row, label, before, after);
    GridPane.setHalignment(before, HPos.RIGHT);
    GridPane.setHalignment(after, HPos.RIGHT);
    Tooltip explanation = new Tooltip();
    explanation.setWrapText(true);
    explanation.setMaxWidth(320);
    for (Label part : List.of(label, before, after)) {
      part.setTooltip(explanation);
    }
    return new Row(label, before, after, explanation);
  }

  private static Label cell(String style) {
    Label label = new Label();
    label.getStyleClass().add(style);
    return label;
  }
}
