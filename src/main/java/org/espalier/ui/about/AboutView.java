package org.espalier.ui.about;

import javafx.fxml.FXML;
import javafx.geometry.VPos;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import org.espalier.ui.session.Sheets;

/** Sheet with versions and licences. */
public final class AboutView {
  private final AboutViewModel viewModel;
  private final Sheets sheets;

  @FXML private GridPane facts;
  @FXML private GridPane libraries;

  public AboutView(AboutViewModel viewModel, Sheets sheets) {
    this.viewModel = viewModel;
    this.sheets = sheets;
  }

  @FXML
  private void initialize() {
    for (AboutViewModel.Fact fact : viewModel.facts()) {
      Label value = new Label();
      value.textProperty().bind(fact.value());
      value.setWrapText(true);
      value.setMinHeight(Region.USE_PREF_SIZE);
      Label label = label(fact.label(), "quiet");
      GridPane.setValignment(label, VPos.TOP);
      facts.addRow(facts.getRowCount(), label, value);
    }
    for (Library library : viewModel.libraries()) {
      Label name = new Label(library.name());
      name.setMinWidth(0);
      libraries.addRow(
          libraries.getRowCount(),
          name,
          label(library.version(), "quiet"),
          label(library.licence(), "quiet"));
    }
  }

  private static Label label(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  @FXML
  private void copy() {
    ClipboardContent content = new ClipboardContent();
    content.putString(viewModel.asText());
    Clipboard.getSystemClipboard().setContent(content);
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
