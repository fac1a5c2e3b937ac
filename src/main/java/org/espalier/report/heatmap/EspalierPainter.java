package org.espalier.report.heatmap;

import org.espalier.allocation.HandPicked;
import org.espalier.report.heatmap.EspalierLayout.Span;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Paints cells, bins, bars and cut lines. Knows no toolkit; words and padlocks are drawn over it by
 * whoever shows the picture.
 *
 * <p>Removed units are pale and hatched, so that they differ without colour, too. By index, a bin
 * is filled from below as far as its units are kept. A sub-layer that goes as a whole is struck
 * through. Where a method does not tell units apart, its one score fills the sub-layer. Under an
 * overlay, a dashed line is the other's cut and a band between both is the difference. A tick on a
 * bar is what the method proposes without locks.
 */
public final class EspalierPainter {
  /** How much of the background a removed unit takes on. */
  static final double PALE = 0.84;

  private final EspalierPalette palette;

  public EspalierPainter(EspalierPalette palette) {
    this.palette = palette;
  }

  public void paint(EspalierPicture picture, EspalierLayout layout, Surface surface) {
    surface.fill(0, 0, layout.width(), layout.height(), palette.background());
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      paintRow(picture, layout, block, surface);
    }
  }

  /** Paints one row over what is there. */
  public void paintRow(EspalierPicture picture, EspalierLayout layout, int block, Surface surface) {
    for (SubLayerKind kind : SubLayerKind.values()) {
      SubLayer subLayer = new SubLayer(block, kind);
      if (picture.model().units(subLayer) > 0) {
        paintBar(picture, layout, subLayer, surface);
        paintUnits(picture, layout, subLayer, surface);
        paintPicked(picture, layout, subLayer, surface);
        picture
            .overlay()
            .ifPresent(overlay -> paintOverlay(picture, overlay, layout, subLayer, surface));
        paintCut(picture, layout, subLayer, surface);
      }
      paintColumns(picture, layout, subLayer, surface);
      if (picture.kept().kept(subLayer) == 0) {
        strikeThrough(layout, subLayer, surface);
      }
    }
  }

  private void paintBar(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    Span bar = layout.bar(subLayer.kind());
    double middle = layout.rowTop(subLayer.block()) + layout.rowHeight() / 2;
    double thickness = Math.max(2, Math.min(8, layout.rowHeight() * 0.4));
    double top = middle - thickness / 2;
    double kept =
        (double) picture.kept().kept(subLayer) / picture.model().units(subLayer) * bar.width();
    surface.fill(bar.left(), top, bar.width(), thickness, palette.track());
    surface.fill(bar.left(), top, kept, thickness, palette.bar());
    picture
        .proposed()
        .map(alone -> alone.kept(subLayer))
        .filter(alone -> alone != picture.kept().kept(subLayer))
        .ifPresent(
            alone -> {
              double x = bar.left() + bar.width() * alone / picture.model().units(subLayer);
              surface.fill(x - 1, top - 2, 2, thickness + 4, palette.text());
            });
  }

  private void paintUnits(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    Span span = layout.units(subLayer.kind());
    int units = picture.model().units(subLayer);
    int kept = picture.kept().kept(subLayer);
    // One score is no reason to draw many cells.
    boolean whole = picture.scores().isPresent() && !picture.hasUnitScores(subLayer);
    int bins = whole ? 1 : layout.bins(subLayer);
    double top = layout.rowTop(subLayer.block()) + layout.rowGap() / 2;
    double height = layout.rowHeight() - layout.rowGap();
    boolean cells = !whole && layout.hasCells(subLayer);
    boolean byScore = whole || picture.order() == UnitOrder.BY_SCORE || picture.scores().isEmpty();
    double cut = layout.cut(subLayer, kept);
    double[] positions =
        picture
            .scores()
            .map(
                scores ->
                    scores.positions(subLayer, picture.order(), picture.normalisation(), bins))
            .orElse(new double[0]);
    int[] keptPerBin =
        byScore ? null : picture.scores().orElseThrow().keptPerBin(subLayer, bins, kept);
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) ((long) bin * units / bins);
      int to = (int) ((long) (bin + 1) * units / bins);
      double left = span.left() + span.width() * from / units;
      // Bins reach under their right neighbours: viewers of vector files show seams otherwise.
      double end = span.left() + span.width() * to / units;
      double right = cells ? end - 1 : Math.min(span.right(), end + 1);
      int colour = positions.length == 0 ? palette.plain() : palette.map().colour(positions[bin]);
      if (byScore) {
        double edge = Math.max(left, Math.min(right, cut));
        surface.fill(left, top, edge - left, height, colour);
        surface.fill(edge, top, right - edge, height, pale(colour));
        if (cells) {
          surface.hatch(edge, top, right - edge, height, palette.hatch());
        }
      } else {
        double keptHeight = height * keptPerBin[bin] / (to - from);
        double edge = top + height - keptHeight;
        surface.fill(left, top, right - left, edge - top, pale(colour));
        surface.hatch(left, top, right - left, edge - top, palette.hatch());
        surface.fill(left, edge, right - left, keptHeight, colour);
      }
    }
    if (byScore && !cells) {
      surface.hatch(cut, top, span.right() - cut, height, palette.hatch());
    }
  }

  private int pale(int colour) {
    return ColourMap.mix(colour, palette.background(), PALE);
  }

  /** Units kept by hand have a mark at their upper edge, dropped ones at their lower edge. */
  private void paintPicked(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    HandPicked picked = picture.locks().pickedOf(subLayer);
    if (picked.isEmpty() || picture.scores().isEmpty()) {
      return;
    }
    double top = layout.rowTop(subLayer.block()) + layout.rowGap() / 2;
    double bottom = top + layout.rowHeight() - layout.rowGap();
    double size = Math.max(1.5, Math.min(4, layout.rowHeight() / 5));
    for (int unit : picked.kept()) {
      double x = middle(picture, layout, subLayer, unit);
      surface.fill(x - size / 2, top, size, size, palette.text());
    }
    for (int unit : picked.dropped()) {
      double x = middle(picture, layout, subLayer, unit);
      surface.fill(x - size / 2, bottom - size, size, size, palette.cut());
    }
  }

  private static double middle(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, int unit) {
    int position =
        picture.order() == UnitOrder.BY_SCORE
            ? picture.scores().orElseThrow().rank(subLayer, unit)
            : unit;
    Span span = layout.units(subLayer.kind());
    return span.left() + span.width() * (position + 0.5) / picture.model().units(subLayer);
  }

  private void paintOverlay(
      EspalierPicture picture,
      Overlay overlay,
      EspalierLayout layout,
      SubLayer subLayer,
      Surface surface) {
    int here = picture.kept().kept(subLayer);
    int there = overlay.kept().kept(subLayer);
    if (!picture.hasCutLine()) {
      return;
    }
    double top = layout.rowTop(subLayer.block());
    double height = layout.rowHeight() - Math.min(1, layout.rowGap() / 2);
    double other = layout.cut(subLayer, there);
    if (here != there) {
      double left = layout.cut(subLayer, Math.min(here, there));
      double right = layout.cut(subLayer, Math.max(here, there));
      // A solid band where the shown allocation keeps more, a lighter one where it keeps less.
      double band = Math.max(1.5, height * 0.3);
      int colour =
          here > there ? palette.text() : ColourMap.mix(palette.text(), palette.background(), 0.55);
      surface.fill(left, top + (height - band) / 2, right - left, band, colour);
    }
    double dash = height >= 12 ? 4 : 2;
    for (double y = top; y < top + height; y += 2 * dash) {
      double piece = Math.min(dash, top + height - y);
      surface.fill(other - 1, y, 2, piece, palette.text());
    }
  }

  private void paintColumns(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    double rowHeight = layout.rowHeight();
    boolean words = rowHeight >= 14;
    double thickness = words ? 2 : Math.max(1, Math.min(5, rowHeight * 0.4));
    double middle = layout.rowTop(subLayer.block()) + rowHeight / 2;
    double top = words ? middle + Math.min(8, rowHeight / 2 - 2) : middle - thickness / 2;
    for (int column = 0; column < picture.columns().size(); column++) {
      Span span = layout.column(subLayer.kind(), column);
      picture
          .columns()
          .get(column)
          .of(subLayer)
          .ifPresent(
              cell -> {
                double level = Math.max(0, Math.min(1, cell.level())) * span.width();
                surface.fill(span.left(), top, span.width(), thickness, palette.track());
                surface.fill(span.left(), top, level, thickness, palette.quiet());
              });
    }
  }

  private void paintCut(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    if (picture.hasCutLine()) {
      double x = layout.cut(subLayer, picture.kept().kept(subLayer));
      double gap = layout.hasCells(subLayer) ? 0.5 : 0;
      surface.fill(
          x - 1 - gap,
          layout.rowTop(subLayer.block()),
          2,
          layout.rowHeight() - Math.min(1, layout.rowGap() / 2),
          palette.cut());
    }
  }

  private void strikeThrough(EspalierLayout layout, SubLayer subLayer, Surface surface) {
    Span span = layout.units(subLayer.kind());
    double middle = layout.rowTop(subLayer.block()) + layout.rowHeight() / 2;
    double thickness = layout.rowHeight() >= 8 ? 2 : 1;
    surface.fill(span.left(), middle - thickness / 2, span.width(), thickness, palette.cut());
  }
}
