package org.espalier.ui.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import org.espalier.report.MeasuredTable;
import org.espalier.report.MeasuredTable.Cell;
import org.espalier.ui.charts.FigureMenu;
import org.espalier.ui.platform.Messages;

/**
 * All numbers: a table for each protocol, so that rows of different protocols are never sorted into
 * each other. Tables are taken along as they stand.
 */
public final class ComparisonTableView {
  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);
  private static final double ROW = 2.1;
  private static final double HEADING = 3.4;
  private static final double SCROLL_BAR = 14;
  private static final List<String> FORMS = List.of("csv", "md", "tex");

  private final Messages messages;
  private List<MeasuredTable> shown = List.of();
  private List<TableView<List<Cell>>> views = List.of();

  @FXML private VBox tables;

  public ComparisonTableView(Messages messages) {
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    tables.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (COPY.match(event)) {
            copy(MeasuredTable::toCsv);
            event.consume();
          }
        });
  }

  /** Shows other numbers; the order of the person stays while they are the same. */
  void show(List<MeasuredTable> wanted) {
    if (wanted.equals(shown)) {
      return;
    }
    shown = List.copyOf(wanted);
    views = new ArrayList<>();
    tables.getChildren().clear();
    for (MeasuredTable table : shown) {
      Label caption = new Label(table.caption());
      caption.getStyleClass().add("pair-title");
      caption.setWrapText(true);
      Label notes = new Label(String.join("\n", table.notes()));
      notes.getStyleClass().add("note");
      notes.setWrapText(true);
      TableView<List<Cell>> view = view(table);
      // As high as its rows, which grow with the words.
      caption.fontProperty().addListener((property, before, after) -> size(view, after.getSize()));
      size(view, caption.getFont().getSize());
      views.add(view);
      tables.getChildren().addAll(caption, view, notes);
    }
  }

  private static void size(TableView<?> view, double words) {
    double height = (view.getItems().size() * ROW + HEADING) * words + SCROLL_BAR;
    view.setMinHeight(height);
    view.setPrefHeight(height);
  }

  private TableView<List<Cell>> view(MeasuredTable table) {
    TableView<List<Cell>> view = new TableView<>(FXCollections.observableArrayList(table.rows()));
    view.setAccessibleText(messages.text("comparison.tableAccessible", table.caption()));
    for (int c = 0; c < table.columns().size(); c++) {
      int place = c;
      TableColumn<List<Cell>, Cell> column = column(table.columns().get(c).heading(), c);
      if (table.rows().stream().anyMatch(row -> !Double.isNaN(row.get(place).value()))) {
        column.getStyleClass().add("figures");
      }
      view.getColumns().add(column);
    }
    return view;
  }

  private static TableColumn<List<Cell>, Cell> column(String heading, int place) {
    TableColumn<List<Cell>, Cell> column = new TableColumn<>(heading);
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue().get(place)));
    column.setComparator(Comparator.comparingDouble(Cell::value).thenComparing(Cell::text));
    column.setCellFactory(of -> new ValueCell());
    column.setReorderable(false);
    return column;
  }

  /** The tables in the order of the screen. */
  private List<MeasuredTable> asShown() {
    List<MeasuredTable> sorted = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      MeasuredTable table = shown.get(i);
      sorted.add(
          new MeasuredTable(
              table.caption(),
              table.columns(),
              List.copyOf(views.get(i).getItems()),
              table.notes()));
    }
    return sorted;
  }

  /**
   * Entries of the menu that takes the tables along.
   *
   * @param save writes the tables into a file of the kind
   */
  List<MenuItem> items(Consumer<Saving> save) {
    List<MenuItem> items = new ArrayList<>();
    for (String form : FORMS) {
      MenuItem item = new MenuItem(messages.text("comparison.save." + form));
      item.setId("comparison-" + form);
      item.setOnAction(event -> save.accept(new Saving(asShown(), form)));
      items.add(item);
    }
    items.add(new SeparatorMenuItem());
    items.add(copying("csv", MeasuredTable::toCsv));
    items.add(copying("md", MeasuredTable::toMarkdown));
    items.add(copying("tex", MeasuredTable::toLatex));
    return items;
  }

  /** Tables that a person wants in a file. */
  record Saving(List<MeasuredTable> tables, String form) {}

  private MenuItem copying(String form, Function<MeasuredTable, String> written) {
    MenuItem item = new MenuItem(messages.text("comparison.copy." + form));
    item.setId("comparison-copy-" + form.toLowerCase(Locale.ROOT));
    item.setOnAction(event -> copy(written));
    return item;
  }

  private void copy(Function<MeasuredTable, String> written) {
    FigureMenu.copy(asShown().stream().map(written).collect(Collectors.joining("\n")));
  }

  private static final class ValueCell extends TableCell<List<Cell>, Cell> {
    @Override
    protected void updateItem(Cell cell, boolean empty) {
      super.updateItem(cell, empty);
      setText(empty || cell == null ? "" : cell.words());
    }
  }
}
