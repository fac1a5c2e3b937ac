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
  @FXML private RadioButton contrast;

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
    contrast.setOnAction(event -> viewModel.theme().set(Theme.CONTRAST));
  }

  private void show() {
    light.setSelected(viewModel.theme().get() == Theme.LIGHT);
    dark.setSelected(viewModel.theme().get() == Theme.DARK);
    contrast.setSelected(viewModel.theme().get() == Theme.CONTRAST);
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
