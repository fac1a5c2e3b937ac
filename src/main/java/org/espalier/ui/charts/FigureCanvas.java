package org.espalier.ui.charts;

import java.awt.RenderingHints;
import java.util.Optional;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.espalier.report.Figure;
import org.jfree.fx.FXGraphics2D;

/**
 * Draws a figure of the report as large as there is room, sharp at every size. Its words grow with
 * the words around it, which the style sheets size.
 */
public final class FigureCanvas extends Region {
  /** Makes the figure for a size in logical pixels. */
  @FunctionalInterface
  public interface Source {
    Optional<? extends Figure> figure(int width, int height);
  }

  private static final double SMALLEST = 40;

  /** Size of words for which figures are made. */
  private static final double USUAL_WORDS = 13;

  private final Canvas canvas = new Canvas();
  private Source source = (width, height) -> Optional.empty();

  /** Without words of its own; it knows how large they would be. */
  private final Label words = new Label();

  public FigureCanvas() {
    getStyleClass().add("figure");
    words.setManaged(false);
    words.fontProperty().addListener((property, before, after) -> draw());
    getChildren().addAll(canvas, words);
    setMinSize(0, 0);
  }

  /** Draws other figures from now on. */
  public void show(Source figures) {
    source = figures;
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

  /** Draws anew. */
  void draw() {
    if (canvas.getWidth() < SMALLEST || canvas.getHeight() < SMALLEST) {
      return;
    }
    double zoom = words.getFont().getSize() / USUAL_WORDS;
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
