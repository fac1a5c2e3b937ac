package org.espalier.ui.charts;

import javafx.scene.layout.StackPane;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.fx.ChartCanvas;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleInsets;

/** Draws charts into a place of a panel, as large as that place. */
public final class ChartFrame {
  private final StackPane place;
  private ChartCanvas canvas;

  public ChartFrame(StackPane place) {
    this.place = place;
  }

  /** Shows a figure's chart in a narrow panel, which has title and words already. */
  public void show(JFreeChart chart) {
    chart.setTitle((TextTitle) null);
    chart.clearSubtitles();
    chart.setPadding(new RectangleInsets(4, 0, 0, 6));
    showWhole(chart);
  }

  /** Shows a chart with its title, words and legend. */
  public void showWhole(JFreeChart chart) {
    if (canvas == null) {
      canvas = new ChartCanvas(chart);
      canvas.setTooltipEnabled(false);
      canvas.setMouseTransparent(true);
      canvas.widthProperty().bind(place.widthProperty());
      canvas.heightProperty().bind(place.heightProperty());
      place.getChildren().add(0, canvas);
    } else {
      canvas.setChart(chart);
    }
    canvas.setVisible(true);
  }

  /** Shows nothing. */
  public void clear() {
    if (canvas != null) {
      canvas.setVisible(false);
    }
  }
}
