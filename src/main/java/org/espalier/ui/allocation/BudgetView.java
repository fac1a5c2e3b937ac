package org.espalier.ui.allocation;

import java.util.List;
import javafx.fxml.FXML;
import javafx.geometry.HPos;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;

/** The budget as a small table. */
public final class BudgetView {
  private final BudgetViewModel viewModel;

  @FXML private GridPane table;

  public BudgetView(BudgetViewModel viewModel) {
    this.viewModel = viewModel;
  }

  @FXML
  private void initialize() {
    viewModel.lines().addListener((property, before, after) -> show(after));
    show(viewModel.lines().get());
  }

  private void show(List<BudgetViewModel.Line> lines) {
    table.getChildren().clear();
    for (int row = 0; row < lines.size(); row++) {
      BudgetViewModel.Line line = lines.get(row);
      Label after = cell(line.after(), line.leading() ? "leading-figure" : "strong-figure");
      table.add(cell(line.label(), "budget-label"), 0, row);
      table.add(cell(line.before().isEmpty() ? "" : line.before() + " →", "quiet"), 1, row);
      table.add(after, 2, row);
      GridPane.setHalignment(table.getChildren().get(table.getChildren().size() - 2), HPos.RIGHT);
      GridPane.setHalignment(after, HPos.RIGHT);
    }
  }

  private static Label cell(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    return label;
  }
}
