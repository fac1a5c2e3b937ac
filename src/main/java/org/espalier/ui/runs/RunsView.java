package org.espalier.ui.runs;

import java.util.List;
import java.util.Locale;
import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.collections.MapChangeListener;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.recovery.RecoveryViewModel;
import org.espalier.ui.runs.RunsViewModel.Item;
import org.espalier.ui.search.SearchViewModel;
import org.espalier.ui.session.Sheets;
import org.espalier.workspace.Run;

/** List of the draft, the dense model and the runs. */
public final class RunsView {
  private static final PseudoClass SEVERAL = PseudoClass.getPseudoClass("several");

  private final RunsViewModel viewModel;
  private final SearchViewModel search;
  private final TrashViewModel trash;
  private final RecoveryViewModel recovery;
  private final PreferencesViewModel preferences;
  private final Sheets sheets;
  private final Messages messages;
  private String renaming = "";
  private String noting = "";

  @FXML private VBox root;
  @FXML private ListView<Item> list;

  public RunsView(
      RunsViewModel viewModel,
      SearchViewModel search,
      TrashViewModel trash,
      RecoveryViewModel recovery,
      PreferencesViewModel preferences,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.search = search;
    this.trash = trash;
    this.recovery = recovery;
    this.preferences = preferences;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    list.setItems(viewModel.items());
    list.getItems().addListener((ListChangeListener<Item>) change -> makeRoom());
    makeRoom();
    list.setCellFactory(view -> new RunCell());
    list.getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (property, before, after) -> {
              if (after != null) {
                viewModel.selected().set(after);
              }
            });
    viewModel.selected().addListener((property, before, after) -> select(after));
    select(viewModel.selected().get());
    preferences.theme().addListener((property, before, after) -> list.refresh());
    viewModel
        .typedNotes()
        .addListener(
            (MapChangeListener<String, String>)
                change -> {
                  if (change.wasAdded() && noting.isEmpty()) {
                    startNoting(change.getKey());
                  }
                });
    list.setOnKeyPressed(
        event -> {
          Item item = list.getSelectionModel().getSelectedItem();
          if (item == null || item.run().isEmpty()) {
            return;
          }
          Run run = item.run().get();
          switch (event.getCode()) {
            case F2 -> startRenaming(run);
            case N -> startNoting(run.id());
            case D -> viewModel.duplicate(run);
            case DELETE -> trash.delete(run);
            default -> {
              return;
            }
          }
          event.consume();
        });
  }

  /** A run beside the draft and the dense model is to be seen whole. */
  private void makeRoom() {
    root.pseudoClassStateChanged(SEVERAL, list.getItems().size() > 2);
  }

  @FXML
  private void compare() {
    sheets.open().set(Sheets.Sheet.COMPARISON);
  }

  private void select(Item item) {
    if (item != null && !item.equals(list.getSelectionModel().getSelectedItem())) {
      list.getSelectionModel().select(item);
      list.scrollTo(item);
    }
  }

  @FXML
  private void openTrash() {
    trash.open();
  }

  private void startRenaming(Run run) {
    renaming = run.id();
    noting = "";
    list.refresh();
  }

  private void startNoting(String run) {
    noting = run;
    renaming = "";
    list.refresh();
    // The list may be too low for the field where its line stands.
    list.scrollTo(list.getSelectionModel().getSelectedIndex());
  }

  private void stopEditing() {
    renaming = "";
    noting = "";
    list.refresh();
    list.requestFocus();
  }

  /** A line of the list; a run's line turns into a field in its own place. */
  private final class RunCell extends ListCell<Item> {
    private final Rectangle swatch = new Rectangle(9, 9);
    private final Label name = new Label();
    private final GridPane figures = new GridPane();
    private final Label notes = new Label();
    private final Label detail = new Label();
    private final Tooltip protocol = new Tooltip();
    private final MenuButton menu = new MenuButton("", Icon.MORE.node(12));
    private final HBox line;
    private Run run;
    private final MenuItem searched = action("runs.search", () -> search.show(run));
    private String edited = "";

    RunCell() {
      swatch.setArcWidth(3);
      swatch.setArcHeight(3);
      swatch.getStyleClass().add("run-swatch");
      name.getStyleClass().add("run-name");
      name.setMinWidth(0);
      notes.getStyleClass().addAll("quiet", "run-notes");
      notes.setMinWidth(0);
      figures.getStyleClass().add("run-figures");
      double[] shares = {23, 26, 24, 27};
      for (int column = 0; column < shares.length; column++) {
        ColumnConstraints constraints = new ColumnConstraints();
        constraints.setPercentWidth(shares[column]);
        constraints.setHalignment(column == 0 ? HPos.LEFT : HPos.RIGHT);
        figures.getColumnConstraints().add(constraints);
        Label figure = new Label();
        figure.getStyleClass().add("figure");
        figure.setMinWidth(0);
        figures.add(figure, column, 0);
      }
      detail.getStyleClass().add("quiet");
      detail.setMinWidth(0);
      menu.getStyleClass().add("quiet-menu");
      menu.getItems()
          .setAll(
              action("runs.rename", () -> startRenaming(run)),
              searched,
              action("runs.recover", () -> recovery.propose(run)),
              action("runs.notes", () -> startNoting(run.id())),
              action("runs.duplicate", () -> viewModel.duplicate(run)),
              action("runs.open", () -> viewModel.open(run)),
              action("runs.openDense", () -> viewModel.openDense(run)),
              action("runs.delete", () -> trash.delete(run)));
      Region space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      VBox words = new VBox(1, new HBox(6, name, space, menu), figures, detail, notes);
      words.setMinWidth(0);
      HBox.setHgrow(words, Priority.ALWAYS);
      line = new HBox(8, swatch, words);
      line.setMinWidth(0);
      line.getStyleClass().add("run-line");
    }

    @Override
    protected void updateItem(Item item, boolean empty) {
      super.updateItem(item, empty);
      // As wide as the list, never wider: long names end in dots.
      setPrefWidth(0);
      setText(null);
      if (empty || item == null) {
        setGraphic(null);
        edited = "";
        return;
      }
      run = item.run().orElse(null);
      String id = run == null ? "" : run.id();
      boolean renamed = !id.isEmpty() && id.equals(renaming);
      boolean noted = !id.isEmpty() && id.equals(noting);
      String edit = renamed ? "rename " + id : noted ? "note " + id : "";
      if (edit.isEmpty()) {
        showLine(item);
        setGraphic(line);
      } else if (!edit.equals(edited)) {
        setGraphic(renamed ? nameField(run) : notesField(run));
      }
      edited = edit;
    }

    private void showLine(Item item) {
      swatch.setFill(RunColours.paint(preferences.theme().get(), item.colour()));
      swatch.getStyleClass().remove("open");
      if (item.colour() == RunColours.DRAFT) {
        swatch.getStyleClass().add("open");
      }
      name.setText(item.name());
      show(figures, item.columns().isPresent());
      item.columns()
          .ifPresent(
              columns -> {
                List<String> texts =
                    List.of(columns.ratio(), columns.perplexity(), columns.speed(), columns.size());
                for (int column = 0; column < texts.size(); column++) {
                  ((Label) figures.getChildren().get(column)).setText(texts.get(column));
                }
              });
      detail.setText(item.detail());
      show(detail, !item.detail().isEmpty());
      notes.setText(item.notes().lines().findFirst().orElse(""));
      show(notes, !item.notes().isEmpty());
      protocol.setText(item.protocol());
      Tooltip.uninstall(line, protocol);
      if (!item.protocol().isEmpty()) {
        Tooltip.install(line, protocol);
      }
      menu.setVisible(run != null);
      menu.setManaged(run != null);
      searched.setVisible(run != null && search.isSearched(run));
      if (run != null) {
        menu.setAccessibleText(messages.text("runs.menu", run.name()));
      }
    }

    private MenuItem action(String key, Runnable work) {
      MenuItem item = new MenuItem(messages.text(key));
      item.setId(key.toLowerCase(Locale.ROOT).replace('.', '-'));
      item.setOnAction(event -> work.run());
      return item;
    }

    private TextField nameField(Run renamedRun) {
      TextField field = new TextField(renamedRun.name());
      field.setId("run-name");
      field.setOnAction(
          event -> {
            viewModel.rename(renamedRun, field.getText());
            stopEditing();
          });
      field.setOnKeyPressed(
          event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
              stopEditing();
              event.consume();
            }
          });
      Platform.runLater(
          () -> {
            field.requestFocus();
            field.selectAll();
          });
      return field;
    }

    private VBox notesField(Run noted) {
      TextArea field = new TextArea(viewModel.typedNotes().getOrDefault(noted.id(), noted.notes()));
      field
          .textProperty()
          .addListener((property, before, typed) -> viewModel.typedNotes().put(noted.id(), typed));
      field.setId("run-notes");
      field.setWrapText(true);
      field.setPrefRowCount(2);
      Runnable keep =
          () -> {
            viewModel.note(noted, field.getText());
            stopEditing();
          };
      Button save = new Button(messages.text("runs.saveNotes"));
      save.setId("run-save-notes");
      save.getStyleClass().add("small");
      save.setOnAction(event -> keep.run());
      Runnable discard =
          () -> {
            viewModel.typedNotes().remove(noted.id());
            stopEditing();
          };
      Button cancel = new Button(messages.text("runs.cancel"));
      cancel.getStyleClass().add("small");
      cancel.setOnAction(event -> discard.run());
      field.setOnKeyPressed(
          event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
              discard.run();
              event.consume();
            } else if (event.getCode() == KeyCode.ENTER && event.isShortcutDown()) {
              keep.run();
              event.consume();
            }
          });
      Platform.runLater(field::requestFocus);
      VBox box = new VBox(6, field, new HBox(6, save, cancel));
      box.setMaxWidth(list.getWidth() - 30);
      return box;
    }

    private static void show(Node node, boolean shown) {
      node.setVisible(shown);
      node.setManaged(shown);
    }
  }
}
