package org.espalier.ui.charts;

import java.util.List;
import java.util.Optional;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.espalier.ui.charts.SpeedViewModel.Speed;
import org.espalier.ui.preferences.PreferencesViewModel;

/** Dense and pruned speed as the chart that files get, too. */
public final class SpeedView {
  /** Height in which bars and notes are legible beside each other. */
  private static final double ROOM = 270;

  private final ChartsViewModel charts;
  private final SpeedViewModel viewModel;
  private final PreferencesViewModel preferences;
  private ChartFrame decode;
  private ChartFrame prefill;

  @FXML private StackPane decodeFrame;
  @FXML private StackPane prefillFrame;
  @FXML private Label protocol;
  @FXML private VBox root;
  @FXML private Label notes;
  @FXML private Label empty;

  public SpeedView(
      ChartsViewModel charts, SpeedViewModel viewModel, PreferencesViewModel preferences) {
    this.charts = charts;
    this.viewModel = viewModel;
    this.preferences = preferences;
  }

  @FXML
  private void initialize() {
    decode = new ChartFrame(decodeFrame);
    prefill = new ChartFrame(prefillFrame);
    viewModel.speed().addListener((property, before, after) -> show());
    // Where there is little room the bars need it; pointing at the protocol tells the notes, too.
    notes
        .visibleProperty()
        .bind(notes.textProperty().isNotEmpty().and(root.heightProperty().greaterThan(ROOM)));
    notes.managedProperty().bind(notes.visibleProperty());
    preferences.theme().addListener((property, before, after) -> show());
    show();
  }

  private static Tooltip wrapped(String text) {
    Tooltip tooltip = new Tooltip(text);
    tooltip.setWrapText(true);
    tooltip.setMaxWidth(420);
    return tooltip;
  }

  private void show() {
    Optional<Speed> speed = viewModel.speed().get();
    empty.setVisible(speed.isEmpty());
    protocol.setText(speed.map(Speed::protocol).orElse(""));
    List<String> sentences = speed.map(Speed::notes).orElse(List.of());
    notes.setText(sentences.isEmpty() ? "" : String.join(". ", sentences) + ".");
    protocol.setTooltip(sentences.isEmpty() ? null : wrapped(notes.getText()));
    for (ChartFrame half : List.of(decode, prefill)) {
      charts.speedHalf(half == decode).ifPresentOrElse(half::show, half::clear);
    }
  }
}
