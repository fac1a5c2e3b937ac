package org.espalier.ui.preferences;

import javafx.fxml.FXML;
import javafx.scene.control.RadioButton;
import org.espalier.ui.session.Sheets;

/** Sheet with the settings. */
public final class PreferencesView {
  private final PreferencesViewModel viewModel;
  private final Sheets sheets;

  @FXML private RadioButton light;
  @FXML private RadioButton dark;

  public PreferencesView(PreferencesViewModel viewModel, Sheets sheets) {
    this.viewModel = viewModel;
    this.sheets = sheets;
  }

  @FXML
  private void initialize() {
    viewModel.theme().addListener((property, before, after) -> show());
    show();
    light.setOnAction(event -> viewModel.theme().set(Theme.LIGHT));
    dark.setOnAction(event -> viewModel.theme().set(Theme.DARK));
  }

  private void show() {
    light.setSelected(viewModel.theme().get() == Theme.LIGHT);
    dark.setSelected(viewModel.theme().get() == Theme.DARK);
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
