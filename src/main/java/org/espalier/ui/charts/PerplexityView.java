package org.espalier.ui.charts;

import java.util.List;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.PerplexityChart;
import org.espalier.report.chart.PerplexityLine;
import org.espalier.ui.charts.PerplexityViewModel.Chart;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.Theme;
import org.jfree.chart.JFreeChart;

/** Running perplexity while it is measured; redrawn at most ten times a second. */
public final class PerplexityView {
  private static final int LONGEST_NAME = 15;
  private static final Duration REDRAW_EVERY = Duration.millis(100);

  private final PerplexityViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Timeline timer = new Timeline();
  private ChartFrame chartFrame;
  private Chart drawn;
  private Theme drawnIn;

  @FXML private StackPane frame;
  @FXML private Label protocol;
  @FXML private Label empty;

  public PerplexityView(PerplexityViewModel viewModel, PreferencesViewModel preferences) {
    this.viewModel = viewModel;
    this.preferences = preferences;
  }

  @FXML
  private void initialize() {
    chartFrame = new ChartFrame(frame);
    protocol.textProperty().bind(viewModel.chart().map(Chart::protocol));
    Tooltip whole = new Tooltip();
    whole.textProperty().bind(protocol.textProperty());
    protocol.setTooltip(whole);
    timer.getKeyFrames().setAll(new KeyFrame(REDRAW_EVERY, event -> redraw()));
    timer.setCycleCount(Animation.INDEFINITE);
    viewModel
        .live()
        .addListener(
            (property, before, live) -> {
              if (live) {
                timer.play();
              } else {
                timer.stop();
                redraw();
              }
            });
    viewModel.chart().addListener((property, before, after) -> redrawUnlessTimed());
    preferences.theme().addListener((property, before, after) -> redrawUnlessTimed());
    redraw();
  }

  private void redrawUnlessTimed() {
    if (timer.getStatus() != Animation.Status.RUNNING) {
      redraw();
    }
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
    if (nothing) {
      chartFrame.clear();
      return;
    }
    chartFrame.show(picture(chart, RunColours.style(theme)));
  }

  /** Fits beside its curve. */
  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }

  /** Each run keeps its colour from the list, whatever else is drawn. */
  private static JFreeChart picture(Chart chart, ChartStyle style) {
    List<java.awt.Color> runs =
        chart.lines().stream()
            .filter(line -> line.colour() >= 0)
            .map(line -> style.run(line.colour()))
            .toList();
    PerplexityChart drawing =
        new PerplexityChart(
            "",
            new ChartStyle(
                style.background(),
                style.text(),
                style.quiet(),
                style.grid(),
                style.dense(),
                runs));
    drawing.show(
        chart.lines().stream()
            .map(
                line ->
                    new PerplexityLine(
                        shortened(line.name()),
                        line.colour() < 0,
                        line.curve().perplexities(),
                        line.curve().windows()))
            .toList());
    JFreeChart picture = drawing.chart();
    picture.getXYPlot().getRangeAxis().setLabel(null);
    return picture;
  }
}
