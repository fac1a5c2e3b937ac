package org.espalier.ui.runs;

import java.util.Locale;
import java.util.Optional;
import javafx.application.Platform;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
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
import org.espalier.ui.runs.RunsViewModel.Item;
import org.espalier.workspace.Run;

/** List of the draft, the dense model and the runs. */
public final class RunsView {
  private final RunsViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Messages messages;
  private String renaming = "";
  private String deleting = "";

  @FXML private ListView<Item> list;

  public RunsView(RunsViewModel viewModel, PreferencesViewModel preferences, Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
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

  private void select(Item item) {
    if (item != null && list.getSelectionModel().getSelectedItem() != item) {
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
    @Override
    protected void updateItem(Item item, boolean empty) {
      super.updateItem(item, empty);
      // As wide as the list, never wider: long names end in dots.
      setPrefWidth(0);
      setText(null);
      if (empty || item == null) {
        setGraphic(null);
        return;
      }
      Optional<Run> run = item.run();
      if (run.isPresent() && run.get().id().equals(renaming)) {
        setGraphic(nameField(run.get()));
      } else if (run.isPresent() && run.get().id().equals(deleting)) {
        setGraphic(question(run.get()));
      } else {
        setGraphic(line(item));
      }
    }

    private HBox line(Item item) {
      Rectangle swatch = new Rectangle(9, 9);
      swatch.setArcWidth(3);
      swatch.setArcHeight(3);
      swatch.setFill(RunColours.paint(preferences.theme().get(), item.colour()));
      swatch.getStyleClass().add("run-swatch");
      if (item.colour() == RunColours.DRAFT) {
        swatch.getStyleClass().add("open");
      }
      Label name = new Label(item.name());
      name.getStyleClass().add("run-name");
      name.setMinWidth(0);
      Label perplexity = new Label(item.perplexity());
      perplexity.getStyleClass().add("figure");
      perplexity.setMinWidth(Region.USE_PREF_SIZE);
      Label detail = new Label(item.detail());
      detail.getStyleClass().add("quiet");
      detail.setMinWidth(0);
      Region space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      VBox words = new VBox(1, new HBox(6, name, space, perplexity), detail);
      words.setMinWidth(0);
      HBox.setHgrow(words, Priority.ALWAYS);
      HBox line = new HBox(8, swatch, words);
      line.setMinWidth(0);
      line.getStyleClass().add("run-line");
      item.run().ifPresent(run -> line.getChildren().add(menu(run)));
      return line;
    }

    private MenuButton menu(Run run) {
      MenuButton menu =
          new MenuButton(
              "",
              Icon.MORE.node(12),
              action("runs.rename", () -> startRenaming(run)),
              action("runs.open", () -> viewModel.open(run)),
              action("runs.openDense", () -> viewModel.openDense(run)),
              action("runs.delete", () -> askToDelete(run)));
      menu.setId("run-menu-" + run.id());
      menu.getStyleClass().add("quiet-menu");
      menu.setAccessibleText(messages.text("runs.menu", run.name()));
      return menu;
    }

    private MenuItem action(String key, Runnable work) {
      MenuItem item = new MenuItem(messages.text(key));
      item.setId(key.toLowerCase(Locale.ROOT).replace('.', '-'));
      item.setOnAction(event -> work.run());
      return item;
    }

    private TextField nameField(Run run) {
      TextField field = new TextField(run.name());
      field.setId("run-name");
      field.setOnAction(
          event -> {
            viewModel.rename(run, field.getText());
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

    private VBox question(Run run) {
      Label question = new Label(messages.text("runs.reallyDelete", run.name()));
      question.setWrapText(true);
      Button delete = new Button(messages.text("runs.delete"));
      delete.setId("run-delete");
      delete.getStyleClass().add("danger");
      delete.setOnAction(
          event -> {
            stopEditing();
            viewModel.delete(run);
          });
      Button keep = new Button(messages.text("runs.keep"));
      keep.setOnAction(event -> stopEditing());
      VBox box = new VBox(6, question, new HBox(6, delete, keep));
      box.setMaxWidth(list.getWidth() - 30);
      return box;
    }
  }
}
