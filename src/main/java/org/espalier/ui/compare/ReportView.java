package org.espalier.ui.compare;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import org.espalier.report.Table;
import org.espalier.report.chart.ChartFigure;
import org.espalier.report.chart.ChartStyle;
import org.espalier.ui.charts.ChartFrame;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.compare.ReportViewModel.Compared;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.session.Sheets;

/** A finished comparison of methods: what came out, the table, the pictures, the report outside. */
public final class ReportView {
  private static final double CHART_HEIGHT = 250;
  private static final double FIRST_COLUMN = 150;
  private static final double COLUMN = 92;

  private final ReportViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private Label title;
  @FXML private Label conclusions;
  @FXML private TableView<List<String>> table;
  @FXML private HBox charts;
  @FXML private Label protocol;

  public ReportView(
      ReportViewModel viewModel,
      PreferencesViewModel preferences,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    viewModel.newest().addListener((property, before, after) -> show(after));
    preferences.theme().addListener((property, before, after) -> drawCharts());
    show(viewModel.newest().get());
  }

  @FXML
  private void openReport() {
    viewModel.openReport();
  }

  @FXML
  private void showFolder() {
    viewModel.showFolder();
  }

  @FXML
  private void close() {
    sheets.close();
  }

  private void show(Optional<Compared> newest) {
    if (newest.isEmpty()) {
      return;
    }
    Compared compared = newest.get();
    title.setText(messages.text("compare.title", compared.request().title(), compared.model()));
    String told =
        String.join(
            "\n",
            Stream.concat(
                    compared.result().conclusions().stream(), compared.result().failures().stream())
                .toList());
    conclusions.setText(told);
    conclusions.setVisible(!told.isEmpty());
    conclusions.setManaged(!told.isEmpty());
    protocol.setText(compared.result().dense().protocol().description());
    fill(compared.result().table());
    drawCharts();
  }

  private void fill(Table content) {
    table.getColumns().clear();
    for (int place = 0; place < content.columns().size(); place++) {
      int column = place;
      TableColumn<List<String>, String> shown = new TableColumn<>(content.columns().get(place));
      shown.setCellValueFactory(
          row -> new ReadOnlyStringWrapper(row.getValue().get(column)).getReadOnlyProperty());
      shown.setSortable(false);
      shown.setReorderable(false);
      shown.setPrefWidth(place == 0 ? FIRST_COLUMN : COLUMN);
      if (place > 0) {
        shown.getStyleClass().add("figures");
      }
      table.getColumns().add(shown);
    }
    table.getItems().setAll(content.rows());
  }

  private void drawCharts() {
    charts.getChildren().clear();
    ChartStyle style = RunColours.style(preferences.theme().get());
    for (ChartFigure figure : viewModel.pictures(style)) {
      // The protocol stands below all of them.
      figure.chart().clearSubtitles();
      StackPane frame = new StackPane();
      new ChartFrame(frame).showWhole(figure.chart());
      frame.setMinSize(0, CHART_HEIGHT);
      frame.setPrefSize(0, CHART_HEIGHT);
      frame.setMaxHeight(CHART_HEIGHT);
      HBox.setHgrow(frame, Priority.ALWAYS);
      charts.getChildren().add(frame);
    }
  }
}
