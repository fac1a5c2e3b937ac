package org.espalier.ui.charts;

import java.util.List;
import java.util.Optional;
import javafx.scene.layout.StackPane;
import org.espalier.report.Table;
import org.espalier.report.chart.ChartFigure;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.event.ChartChangeListener;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleInsets;

/** Draws charts into a place of a panel, as large as that place. */
public final class ChartFrame {
  private final FigureCanvas canvas = new FigureCanvas();
  private final ChartChangeListener redrawing = change -> canvas.draw();
  private Optional<JFreeChart> shown = Optional.empty();

  public ChartFrame(StackPane place) {
    canvas.setMouseTransparent(true);
    canvas.setVisible(false);
    place.getChildren().add(0, canvas);
  }

  /** Shows a figure's chart in a narrow panel, which has title and words already. */
  public void show(JFreeChart chart) {
    chart.setTitle((TextTitle) null);
    chart.getSubtitles().stream()
        .filter(TextTitle.class::isInstance)
        .toList()
        .forEach(note -> chart.removeSubtitle((TextTitle) note));
    chart.setPadding(new RectangleInsets(4, 0, 0, 6));
    showWhole(chart);
  }

  /** Shows a chart with its title, words and legend; it is drawn again whenever it changes. */
  public void showWhole(JFreeChart chart) {
    shown.ifPresent(before -> before.removeChangeListener(redrawing));
    shown = Optional.of(chart);
    chart.addChangeListener(redrawing);
    canvas.setVisible(true);
    canvas.show(
        (width, height) ->
            Optional.of(
                new ChartFigure("", chart, new Table(List.of(), List.of()), width, height)));
  }

  /** Shows nothing. */
  public void clear() {
    canvas.setVisible(false);
  }
}
