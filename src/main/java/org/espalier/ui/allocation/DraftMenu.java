package org.espalier.ui.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import org.espalier.ui.allocation.Draft.History;
import org.espalier.ui.allocation.Draft.Snapshot;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;

/** Undo, redo, the history, and the menu of the draft; a name is typed in their place. */
public final class DraftMenu {
  private static final int STEPS_SHOWN = 25;

  private final DraftViewModel viewModel;
  private final Draft draft;
  private final Messages messages;
  private final Menu snapshots = new Menu();
  private Consumer<String> naming = name -> {};

  @FXML private HBox buttons;
  @FXML private TextField name;
  @FXML private Button undo;
  @FXML private Button redo;
  @FXML private MenuButton history;
  @FXML private MenuButton menu;

  public DraftMenu(DraftViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.draft = viewModel.draft();
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    bindStep(undo, Icon.UNDO, "heatmap.undo", draft.undoable());
    bindStep(redo, Icon.REDO, "heatmap.redo", draft.redoable());
    history.setGraphic(Icon.HISTORY.node(13));
    history.setTooltip(new Tooltip(messages.text("draft.history")));
    history.setOnShowing(event -> showHistory(draft.history().get()));
    history.disableProperty().bind(draft.history().map(steps -> steps.steps().size() < 2));
    // A menu without items does not open.
    showHistory(draft.history().get());
    MenuItem releaseAll = item("draft.releaseAll", draft::releaseAll);
    releaseAll.disableProperty().bind(draft.state().map(state -> state.locks().isEmpty()));
    MenuItem snapshot =
        item("draft.snapshot", () -> ask(draft.suggestedSnapshot(), draft::takeSnapshot));
    snapshot.disableProperty().bind(draft.settled().not());
    snapshots.setText(messages.text("draft.snapshots"));
    snapshots.setId("draft-snapshots");
    draft.snapshots().addListener((ListChangeListener<Snapshot>) change -> showSnapshots());
    showSnapshots();
    menu.getItems()
        .setAll(
            item("draft.rename", () -> ask(draft.name(), viewModel::rename)),
            snapshot,
            snapshots,
            new SeparatorMenuItem(),
            item("draft.open", viewModel::open),
            item("draft.save", viewModel::save),
            new SeparatorMenuItem(),
            releaseAll);
    name.setOnAction(event -> answer());
    name.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            showField(false);
            event.consume();
          }
        });
    name.focusedProperty()
        .addListener(
            (property, before, focused) -> {
              if (!focused) {
                showField(false);
              }
            });
    showField(false);
  }

  @FXML
  private void undoStep() {
    draft.undo();
  }

  @FXML
  private void redoStep() {
    draft.redo();
  }

  private void bindStep(Button button, Icon icon, String key, ObservableValue<String> description) {
    button.setGraphic(icon.node(13));
    button.disableProperty().bind(description.map(String::isEmpty));
    Tooltip tooltip = new Tooltip();
    tooltip.textProperty().bind(description.map(step -> messages.text(key, step)));
    button.setTooltip(tooltip);
  }

  private void showHistory(History steps) {
    List<MenuItem> items = new ArrayList<>();
    int newest = steps.steps().size() - 1;
    int oldest = Math.max(0, Math.min(newest - STEPS_SHOWN + 1, steps.position()));
    for (int step = newest; step >= oldest; step--) {
      RadioMenuItem item = new RadioMenuItem(steps.steps().get(step));
      item.setMnemonicParsing(false);
      item.setId("history-" + step);
      item.setSelected(step == steps.position());
      if (step > steps.position()) {
        item.getStyleClass().add("hint");
      }
      int chosen = step;
      item.setOnAction(event -> draft.moveTo(chosen));
      items.add(item);
    }
    history.getItems().setAll(items);
  }

  private void showSnapshots() {
    List<MenuItem> items = new ArrayList<>();
    for (Snapshot snapshot : draft.snapshots()) {
      Menu one = new Menu(snapshot.name());
      one.setMnemonicParsing(false);
      MenuItem restore = new MenuItem(messages.text("draft.restore"));
      restore.setOnAction(event -> draft.restore(snapshot));
      MenuItem forget = new MenuItem(messages.text("draft.forget"));
      forget.setOnAction(event -> draft.forget(snapshot));
      one.getItems().setAll(restore, forget);
      items.add(one);
    }
    snapshots.setDisable(items.isEmpty());
    snapshots.getItems().setAll(items);
  }

  private void ask(String suggestion, Consumer<String> taker) {
    naming = taker;
    name.setText(suggestion);
    showField(true);
    // The menu gives the focus back to its button once it has closed.
    Platform.runLater(
        () -> {
          name.requestFocus();
          name.selectAll();
        });
  }

  private void answer() {
    String typed = name.getText();
    showField(false);
    naming.accept(typed);
  }

  private void showField(boolean shown) {
    name.setVisible(shown);
    name.setManaged(shown);
    buttons.setVisible(!shown);
    buttons.setManaged(!shown);
  }

  private MenuItem item(String key, Runnable action) {
    MenuItem item = new MenuItem(messages.text(key));
    item.setId(key.replace('.', '-'));
    item.setOnAction(event -> action.run());
    return item;
  }
}
