package org.espalier.ui.runs;

import java.util.Locale;
import javafx.application.Platform;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
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
import org.espalier.ui.session.Sheets;
import org.espalier.workspace.Run;

/** List of the draft, the dense model and the runs. */
public final class RunsView {
  private final RunsViewModel viewModel;
  private final RecoveryViewModel recovery;
  private final PreferencesViewModel preferences;
  private final Sheets sheets;
  private final Messages messages;
  private String renaming = "";
  private String deleting = "";

  @FXML private ListView<Item> list;

  public RunsView(
      RunsViewModel viewModel,
      RecoveryViewModel recovery,
      PreferencesViewModel preferences,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.recovery = recovery;
    this.preferences = preferences;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    list.setItems(viewModel.items());
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
    list.setOnKeyPressed(
        event -> {
          Item item = list.getSelectionModel().getSelectedItem();
          if (item == null || item.run().isEmpty()) {
            return;
          }
          if (event.getCode() == KeyCode.F2) {
            startRenaming(item.run().get());
          } else if (event.getCode() == KeyCode.DELETE) {
            askToDelete(item.run().get());
          }
        });
  }

  @FXML
  private void compare() {
    sheets.open().set(Sheets.Sheet.COMPARISON);
  }

  private void select(Item item) {
    if (item != null && !item.equals(list.getSelectionModel().getSelectedItem())) {
      list.getSelectionModel().select(item);
    }
  }

  private void startRenaming(Run run) {
    renaming = run.id();
    deleting = "";
    list.refresh();
  }

  private void askToDelete(Run run) {
    deleting = run.id();
    renaming = "";
    list.refresh();
  }

  private void stopEditing() {
    renaming = "";
    deleting = "";
    list.refresh();
    list.requestFocus();
  }

  /** A line of the list; a run's line turns into a field or a question in its own place. */
  private final class RunCell extends ListCell<Item> {
    private final Rectangle swatch = new Rectangle(9, 9);
    private final Label name = new Label();
    private final Label perplexity = new Label();
    private final Label detail = new Label();
    private final Tooltip protocol = new Tooltip();
    private final MenuButton menu = new MenuButton("", Icon.MORE.node(12));
    private final HBox line;
    private Run run;
    private String edited = "";

    RunCell() {
      swatch.setArcWidth(3);
      swatch.setArcHeight(3);
      swatch.getStyleClass().add("run-swatch");
      name.getStyleClass().add("run-name");
      name.setMinWidth(0);
      perplexity.getStyleClass().add("figure");
      perplexity.setMinWidth(Region.USE_PREF_SIZE);
      detail.getStyleClass().add("quiet");
      detail.setMinWidth(0);
      menu.getStyleClass().add("quiet-menu");
      menu.getItems()
          .setAll(
              action("runs.rename", () -> startRenaming(run)),
              action("runs.recover", () -> recovery.propose(run)),
              action("runs.open", () -> viewModel.open(run)),
              action("runs.openDense", () -> viewModel.openDense(run)),
              action("runs.delete", () -> askToDelete(run)));
      Region space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      VBox words = new VBox(1, new HBox(6, name, space, perplexity), detail);
      words.setMinWidth(0);
      HBox.setHgrow(words, Priority.ALWAYS);
      line = new HBox(8, swatch, words, menu);
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
      boolean deleted = !id.isEmpty() && id.equals(deleting);
      String edit = renamed ? "rename " + id : deleted ? "delete " + id : "";
      if (edit.isEmpty()) {
        showLine(item);
        setGraphic(line);
      } else if (!edit.equals(edited)) {
        setGraphic(renamed ? nameField(run) : question(run));
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
      perplexity.setText(item.perplexity());
      detail.setText(item.detail());
      protocol.setText(item.protocol());
      Tooltip.uninstall(line, protocol);
      if (!item.protocol().isEmpty()) {
        Tooltip.install(line, protocol);
      }
      menu.setVisible(run != null);
      menu.setManaged(run != null);
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

    private VBox question(Run doomed) {
      Label question = new Label(messages.text("runs.reallyDelete", doomed.name()));
      question.setWrapText(true);
      Button delete = new Button(messages.text("runs.delete"));
      delete.setId("run-delete");
      delete.getStyleClass().add("danger");
      delete.setOnAction(
          event -> {
            stopEditing();
            viewModel.delete(doomed);
          });
      Button keep = new Button(messages.text("runs.keep"));
      keep.setOnAction(event -> stopEditing());
      VBox box = new VBox(6, question, new HBox(6, delete, keep));
      box.setMaxWidth(list.getWidth() - 30);
      return box;
    }
  }
}
