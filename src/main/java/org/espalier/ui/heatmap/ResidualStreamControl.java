package org.espalier.ui.heatmap;

import java.util.Optional;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.report.heatmap.Lettering;
import org.espalier.report.heatmap.Lettering.Anchor;
import org.espalier.report.heatmap.PixelSurface;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.UnitPlot;
import org.espalier.report.heatmap.UnitPlotPainter;
import org.espalier.report.heatmap.UnitPlotPainter.Area;
import org.espalier.ui.platform.Messages;

/**
 * The scores of the residual stream's channels as a curve with its cut line, above the rows of the
 * blocks that all become narrower by it. There only while a method removes such channels, or a run
 * has lost some.
 */
final class ResidualStreamControl extends Region {
  private static final double HEIGHT = 104;
  private static final double LEFT = 46;
  private static final double TITLE = 36;
  private static final double FOOT = 8;

  private final ReadOnlyObjectProperty<Optional<ResidualStream>> stream;
  private final Messages messages;
  private final PixelLayer pixels = new PixelLayer();
  private final Canvas words = new Canvas();
  private final ObjectProperty<HeatmapColours> colours =
      new SimpleObjectProperty<>(HeatmapColours.LIGHT);
  private final DoubleProperty textScale = new SimpleDoubleProperty(1);

  ResidualStreamControl(
      ReadOnlyObjectProperty<Optional<ResidualStream>> stream, Messages messages) {
    this.stream = stream;
    this.messages = messages;
    getChildren().addAll(pixels.node(), words);
    setId("residual-stream");
    setMinHeight(HEIGHT);
    setPrefHeight(HEIGHT);
    setMaxHeight(HEIGHT);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    visibleProperty().bind(stream.map(Optional::isPresent));
    managedProperty().bind(visibleProperty());
    stream.addListener((property, before, after) -> requestLayout());
    colours.addListener((property, before, after) -> requestLayout());
    textScale.addListener((property, before, after) -> requestLayout());
  }

  ObjectProperty<HeatmapColours> coloursProperty() {
    return colours;
  }

  /** Of words, against their normal size. */
  DoubleProperty textScaleProperty() {
    return textScale;
  }

  @Override
  protected void layoutChildren() {
    double width = Math.floor(getWidth());
    words.setWidth(width);
    words.setHeight(HEIGHT);
    GraphicsContext g = words.getGraphicsContext2D();
    g.clearRect(0, 0, width, HEIGHT);
    if (stream.get().isEmpty() || width <= 2 * LEFT) {
      pixels.clear();
      return;
    }
    ResidualStream shown = stream.get().get();
    EspalierPalette palette = colours.get().palette();
    Area area = new Area(LEFT, TITLE, width - LEFT - 8, HEIGHT - TITLE - FOOT);
    pixels.paint(
        width, HEIGHT, palette.background(), surface -> paint(shown, area, palette, surface));
    String title = messages.text("stream.keeps", shown.kept(), shown.channels());
    String explanation = messages.text("stream.explained");
    Lettering lettering = new CanvasLettering(g, 0, textScale.get());
    lettering.set(title, 0, 9, Anchor.LEFT, 12, true, palette.text());
    lettering.set(explanation, 0, 26, Anchor.LEFT, 11, false, palette.quiet());
    if (shown.picture().scores().isPresent()) {
      UnitPlot plot = new UnitPlot(shown.picture(), ResidualStream.ONLY);
      number(lettering, plot.top(), area.top() + 5, palette);
      number(lettering, plot.low(), area.bottom() - 5, palette);
    }
    setAccessibleText(title + ". " + explanation);
  }

  private static void number(Lettering lettering, double score, double y, EspalierPalette palette) {
    lettering.set(ScoreFormat.format(score), LEFT - 5, y, Anchor.RIGHT, 10, false, palette.text());
  }

  private static void paint(
      ResidualStream shown, Area area, EspalierPalette palette, PixelSurface surface) {
    if (shown.picture().scores().isPresent()) {
      new UnitPlotPainter(palette)
          .paintCurve(shown.picture(), ResidualStream.ONLY, area, Optional.empty(), surface);
      return;
    }
    double kept = area.width() * shown.kept() / shown.channels();
    surface.fill(area.left(), area.top(), kept, area.height(), palette.plain());
    surface.hatch(
        area.left() + kept, area.top(), area.width() - kept, area.height(), palette.hatch());
  }
}
