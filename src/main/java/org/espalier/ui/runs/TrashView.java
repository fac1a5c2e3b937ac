package org.espalier.ui.runs;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workspace.TrashedRun;

/** Sheet with deleted runs; Enter brings the chosen one back. */
public final class TrashView {
  private final TrashViewModel viewModel;
  private final Sheets sheets;
  private final Messages messages;
  private boolean asked;

  @FXML private ListView<TrashedRun> list;
  @FXML private Button restore;
  @FXML private Button empty;

  public TrashView(TrashViewModel viewModel, Sheets sheets, Messages messages) {
    this.viewModel = viewModel;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    list.setItems(viewModel.runs());
    list.setCellFactory(view -> new TrashedCell());
    // Before the list itself takes the key to edit a line.
    list.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ENTER) {
            restore();
            event.consume();
          }
        });
    restore.disableProperty().bind(list.getSelectionModel().selectedItemProperty().isNull());
    sheets
        .open()
        .addListener(
            (property, before, after) -> {
              ask(false);
              if (after == Sheet.TRASH) {
                list.getSelectionModel().selectFirst();
                empty.setDisable(viewModel.runs().isEmpty());
              }
            });
    ask(false);
  }

  @FXML
  private void restore() {
    TrashedRun chosen = list.getSelectionModel().getSelectedItem();
    if (chosen != null) {
      viewModel.restore(chosen);
    }
  }

  /** What is gone for good is asked about: the same button, pressed again. */
  @FXML
  private void empty() {
    if (asked) {
      viewModel.empty();
      empty.setDisable(true);
    }
    ask(!asked);
  }

  private void ask(boolean question) {
    asked = question;
    empty.setText(messages.text(question ? "trash.reallyEmpty" : "trash.empty"));
  }

  @FXML
  private void close() {
    sheets.close();
  }

  private final class TrashedCell extends ListCell<TrashedRun> {
    @Override
    protected void updateItem(TrashedRun item, boolean nothing) {
      super.updateItem(item, nothing);
      setText(
          nothing || item == null
              ? null
              : messages.text("trash.item", item.run().name(), viewModel.describe(item)));
    }
  }
}
