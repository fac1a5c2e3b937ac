package org.espalier.ui.heatmap;

import java.util.Optional;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierLayout.Hit;
import org.espalier.report.heatmap.EspalierLayout.Part;
import org.espalier.report.heatmap.EspalierLayout.Span;
import org.espalier.report.heatmap.EspalierPainter;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.EspalierWording;
import org.espalier.report.heatmap.EspalierWords;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * What lies over the espalier: selection, what is pointed at, what has the keyboard, and a row that
 * is too low for words at a readable height.
 */
final class EspalierMarks {
  private static final double LENS = 24;
  private static final double WORDS_FROM = 14;

  private final HeatmapViewModel viewModel;
  private final EspalierWording wording;
  private final Canvas canvas;
  private final PixelLayer lens;
  private EspalierLayout layout;
  private HeatmapColours colours;
  private double textScale;

  EspalierMarks(
      HeatmapViewModel viewModel, EspalierWording wording, Canvas canvas, PixelLayer lens) {
    this.viewModel = viewModel;
    this.wording = wording;
    this.canvas = canvas;
    this.lens = lens;
  }

  /**
   * Selection, enlarged row, what is pointed at, what has the keyboard.
   *
   * @param newLayout null for nothing
   * @param focused what has the keyboard, where that is to be seen
   */
  void paint(
      EspalierLayout newLayout,
      Optional<Hit> hovered,
      double hoveredX,
      Optional<SubLayer> focused,
      HeatmapColours newColours,
      double newTextScale) {
    layout = newLayout;
    colours = newColours;
    textScale = newTextScale;
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
    lens.node().setVisible(false);
    if (layout == null) {
      return;
    }
    Color accent = colours.accent();
    for (SubLayer chosen : viewModel.selection().chosen().get()) {
      Span part = part(chosen.kind());
      double top = layout.rowTop(chosen.block());
      g.setFill(accent.deriveColor(0, 1, 1, 0.2));
      g.fillRect(part.left(), top, part.width(), layout.rowHeight() - 1);
      g.setFill(accent);
      double edge = chosen.kind() == SubLayerKind.ATTENTION ? part.left() : part.right() - 3;
      g.fillRect(edge, top, 3, layout.rowHeight() - 1);
    }
    hovered.ifPresent(hit -> markHovered(g, accent, hit));
    hovered
        .map(hit -> hit.subLayer().block())
        .or(() -> focused.map(SubLayer::block))
        .ifPresent(block -> enlarge(g, block));
    hovered.ifPresent(hit -> markBin(g, hit, hoveredX));
    focused.ifPresent(subLayer -> markFocused(g, accent, subLayer));
  }

  private void markFocused(GraphicsContext g, Color accent, SubLayer focused) {
    Span part = part(focused.kind());
    double top = layout.rowTop(focused.block());
    double height = layout.rowHeight();
    if (layout.rowHeight() < WORDS_FROM) {
      top = lensTop(focused.block());
      height = LENS;
    }
    g.setStroke(accent);
    g.setLineWidth(1.5);
    g.strokeRoundRect(part.left() + 1, top + 1, part.width() - 2, height - 2, 5, 5);
  }

  /** The words of a sub-layer, beside its cells. */
  private Span part(SubLayerKind kind) {
    if (kind == SubLayerKind.ATTENTION) {
      double left = layout.padlock(kind).left() - 2;
      return new Span(left, layout.units(kind).left() - 6 - left);
    }
    double left = layout.bar(kind).left() - 5;
    return new Span(left, layout.width() - 2 - left);
  }

  private void markHovered(GraphicsContext g, Color accent, Hit hit) {
    g.setFill(accent.deriveColor(0, 1, 1, 0.12));
    double top = layout.rowTop(hit.subLayer().block());
    // Beside the cells, so that their colours stay true.
    double left = layout.units(SubLayerKind.ATTENTION).left() - 4;
    double right = layout.units(SubLayerKind.FEED_FORWARD).right() + 4;
    g.fillRoundRect(0, top, left, layout.rowHeight() - 1, 5, 5);
    g.fillRoundRect(right, top, layout.width() - right, layout.rowHeight() - 1, 5, 5);
  }

  /** Shows a row that has no room for words at a readable height. */
  private void enlarge(GraphicsContext g, int block) {
    EspalierPicture picture = viewModel.picture().get();
    if (picture == null || layout.rowHeight() >= WORDS_FROM) {
      return;
    }
    EspalierLayout enlarged = layout.enlarged(block, LENS);
    double top = lensTop(block);
    lens.paint(
        layout.width(),
        LENS,
        colours.palette().background(),
        surface ->
            new EspalierPainter(colours.palette()).paintRow(picture, enlarged, block, surface));
    lens.node().relocate(0, top);
    lens.node().setVisible(true);
    new EspalierWords(wording, colours.palette())
        .paintRow(picture, enlarged, block, true, new CanvasLettering(g, top, textScale));
    g.setStroke(colours.accent());
    g.setLineWidth(1);
    g.strokeRect(0.5, top - 0.5, layout.width() - 1, LENS + 1);
  }

  private double lensTop(int block) {
    double top = layout.rowTop(block) + layout.rowHeight() / 2 - LENS / 2;
    return Math.rint(
        Math.max(layout.headerHeight() - 4, Math.min(layout.height() - LENS - 1, top)));
  }

  private void markBin(GraphicsContext g, Hit hit, double x) {
    if (hit.part() != Part.UNITS || layout.model().units(hit.subLayer()) == 0) {
      return;
    }
    int[] bin = layout.binAt(hit.subLayer(), x);
    Span span = layout.units(hit.subLayer().kind());
    int units = layout.model().units(hit.subLayer());
    double first = span.left() + span.width() * bin[0] / units;
    double last = span.left() + span.width() * bin[1] / units;
    boolean low = layout.rowHeight() < WORDS_FROM;
    double top = low ? lensTop(hit.subLayer().block()) : layout.rowTop(hit.subLayer().block());
    g.setStroke(colours.text());
    g.setLineWidth(1.5);
    g.strokeRect(
        first - 1, top + 1, Math.max(3, last - first) + 1, (low ? LENS : layout.rowHeight()) - 2);
  }
}
