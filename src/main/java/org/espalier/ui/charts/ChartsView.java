package org.espalier.ui.charts;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;

/** One place for the charts; a row of buttons chooses which one is seen. */
public final class ChartsView {
  private final ToggleGroup choice = new ToggleGroup();

  @FXML private ToggleButton showPerplexity;
  @FXML private ToggleButton showSpeed;
  @FXML private Node perplexity;
  @FXML private Node speed;

  @FXML
  private void initialize() {
    choice.getToggles().setAll(showPerplexity, showSpeed);
    choice
        .selectedToggleProperty()
        .addListener(
            (property, before, after) -> {
              if (after == null) {
                choice.selectToggle(before);
              } else {
                show(after);
              }
            });
    choice.selectToggle(showPerplexity);
  }

  private void show(Toggle chosen) {
    perplexity.setVisible(chosen == showPerplexity);
    speed.setVisible(chosen == showSpeed);
  }
}
