package org.espalier.ui.charts;

import java.awt.RenderingHints;
import java.util.Optional;
import javafx.scene.canvas.Canvas;
import javafx.scene.layout.Region;
import org.espalier.report.Figure;
import org.jfree.fx.FXGraphics2D;

/** Draws a figure of the report as large as there is room, sharp at every size. */
public final class FigureCanvas extends Region {
  /** Makes the figure for a size in logical pixels. */
  @FunctionalInterface
  public interface Source {
    Optional<? extends Figure> figure(int width, int height);
  }

  private static final double SMALLEST = 40;

  private final Canvas canvas = new Canvas();
  private Source source = (width, height) -> Optional.empty();
  private double zoom = 1;

  public FigureCanvas() {
    getChildren().add(canvas);
    setMinSize(0, 0);
  }

  /**
   * Draws anew.
   *
   * @param enlarged by how much words and lines are larger than usual
   */
  public void show(Source figures, double enlarged) {
    source = figures;
    zoom = enlarged;
    draw();
  }

  @Override
  protected void layoutChildren() {
    if (canvas.getWidth() != getWidth() || canvas.getHeight() != getHeight()) {
      canvas.setWidth(getWidth());
      canvas.setHeight(getHeight());
      draw();
    }
  }

  private void draw() {
    if (canvas.getWidth() < SMALLEST || canvas.getHeight() < SMALLEST) {
      return;
    }
    canvas.getGraphicsContext2D().clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
    source
        .figure((int) (canvas.getWidth() / zoom), (int) (canvas.getHeight() / zoom))
        .ifPresent(
            figure -> {
              canvas.getGraphicsContext2D().save();
              FXGraphics2D graphics = new FXGraphics2D(canvas.getGraphicsContext2D());
              graphics.setRenderingHint(
                  RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
              graphics.scale(zoom, zoom);
              figure.draw(graphics);
              // Scales and clips of one drawing must not reach the next.
              canvas.getGraphicsContext2D().restore();
            });
  }
}
