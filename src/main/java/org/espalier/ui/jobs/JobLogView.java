package org.espalier.ui.jobs;

import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;

/** Sheet with what happened to one job; it follows a job that still runs. */
public final class JobLogView {
  private final JobsViewModel viewModel;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private Label title;
  @FXML private TextArea events;

  public JobLogView(JobsViewModel viewModel, Sheets sheets, Messages messages) {
    this.viewModel = viewModel;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    viewModel
        .logged()
        .addListener(
            (property, before, after) ->
                after.ifPresent(
                    item -> {
                      title.setText(messages.text("job.logOf", item.title()));
                      item.stage().addListener((stage, earlier, later) -> follow(item));
                      show(item);
                    }));
  }

  private void follow(JobItem item) {
    boolean shown = viewModel.logged().get().filter(item::equals).isPresent();
    if (shown && sheets.open().get() == Sheet.JOB_LOG) {
      show(item);
    }
  }

  private void show(JobItem item) {
    events.setText(viewModel.log(item));
    events.positionCaret(events.getLength());
  }

  @FXML
  private void copy() {
    ClipboardContent content = new ClipboardContent();
    content.putString(title.getText() + "\n" + events.getText());
    Clipboard.getSystemClipboard().setContent(content);
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
