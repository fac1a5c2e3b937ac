package org.espalier.ui.charts;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import org.espalier.ui.charts.PerplexityViewModel.Chart;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.Theme;
import org.jfree.chart.fx.ChartCanvas;

/** Running perplexity while it is measured; redrawn at most ten times a second. */
public final class PerplexityView {
  private static final Duration REDRAW_EVERY = Duration.millis(100);

  private final PerplexityViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Messages messages;
  private final Timeline timer = new Timeline();
  private ChartCanvas canvas;
  private Chart drawn;
  private Theme drawnIn;

  @FXML private StackPane frame;
  @FXML private Label protocol;
  @FXML private Label empty;

  public PerplexityView(
      PerplexityViewModel viewModel, PreferencesViewModel preferences, Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    protocol.textProperty().bind(viewModel.chart().map(Chart::protocol));
    Tooltip whole = new Tooltip();
    whole.textProperty().bind(protocol.textProperty());
    protocol.setTooltip(whole);
    timer.getKeyFrames().setAll(new KeyFrame(REDRAW_EVERY, event -> redraw()));
    timer.setCycleCount(Animation.INDEFINITE);
    timer.play();
    redraw();
  }

  private void redraw() {
    viewModel.drain();
    Chart chart = viewModel.chart().get();
    Theme theme = preferences.theme().get();
    if (chart.equals(drawn) && theme == drawnIn) {
      return;
    }
    drawn = chart;
    drawnIn = theme;
    boolean nothing =
        chart.lines().stream().allMatch(line -> line.curve().perplexities().isEmpty());
    empty.setVisible(nothing);
    if (canvas != null) {
      canvas.setVisible(!nothing);
    }
    if (nothing) {
      return;
    }
    var picture =
        PerplexityPlot.of(
            chart.lines(), messages.text("chart.windows"), ChartColours.of(theme == Theme.DARK));
    if (canvas == null) {
      canvas = new ChartCanvas(picture);
      canvas.setTooltipEnabled(false);
      canvas.setMouseTransparent(true);
      canvas.widthProperty().bind(frame.widthProperty());
      canvas.heightProperty().bind(frame.heightProperty());
      frame.getChildren().add(0, canvas);
    } else {
      canvas.setChart(picture);
    }
  }
}
