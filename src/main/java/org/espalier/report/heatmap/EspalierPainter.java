package org.espalier.report.heatmap;

import org.espalier.report.heatmap.EspalierLayout.Span;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Paints cells, bins, bars and cut lines. Knows no toolkit; words and padlocks are drawn over it by
 * whoever shows the picture.
 *
 * <p>Removed units are pale and hatched, so that they differ without colour, too. By index, a bin
 * is filled from below as far as its units are kept. A sub-layer that goes as a whole is struck
 * through.
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
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        if (picture.model().units(subLayer) > 0) {
          paintBar(picture, layout, subLayer, surface);
          paintUnits(picture, layout, subLayer, surface);
          paintCut(picture, layout, subLayer, surface);
        }
        if (picture.kept().kept(subLayer) == 0) {
          strikeThrough(layout, subLayer, surface);
        }
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
  }

  private void paintUnits(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    Span span = layout.units(subLayer.kind());
    int units = picture.model().units(subLayer);
    int kept = picture.kept().kept(subLayer);
    int bins = layout.bins(subLayer);
    double top = layout.rowTop(subLayer.block()) + layout.rowGap() / 2;
    double height = layout.rowHeight() - layout.rowGap();
    boolean cells = layout.hasCells(subLayer);
    boolean byScore = picture.order() == UnitOrder.BY_SCORE || picture.scores().isEmpty();
    double cut = layout.cut(subLayer, kept);
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) ((long) bin * units / bins);
      int to = (int) ((long) (bin + 1) * units / bins);
      double left = span.left() + span.width() * from / units;
      // Bins reach under their right neighbours: viewers of vector files show seams otherwise.
      double end = span.left() + span.width() * to / units;
      double right = cells ? end - 1 : Math.min(span.right(), end + 1);
      int colour = colour(picture, subLayer, from, to);
      if (byScore) {
        double edge = Math.max(left, Math.min(right, cut));
        surface.fill(left, top, edge - left, height, colour);
        surface.fill(edge, top, right - edge, height, pale(colour));
        if (cells) {
          surface.hatch(edge, top, right - edge, height, palette.hatch());
        }
      } else {
        double keptHeight = height * keptShare(picture, subLayer, from, to, kept);
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

  private int colour(EspalierPicture picture, SubLayer subLayer, int from, int to) {
    if (picture.scores().isEmpty()) {
      return palette.plain();
    }
    RankedScores scores = picture.scores().get();
    double mean = scores.mean(subLayer, picture.order(), from, to);
    return palette.map().colour(scores.range(subLayer, picture.normalisation()).position(mean));
  }

  private static double keptShare(
      EspalierPicture picture, SubLayer subLayer, int from, int to, int kept) {
    RankedScores scores = picture.scores().orElseThrow();
    return (double) scores.keptAmong(subLayer, from, to, kept) / (to - from);
  }

  private void paintCut(
      EspalierPicture picture, EspalierLayout layout, SubLayer subLayer, Surface surface) {
    if (picture.order() == UnitOrder.BY_SCORE && picture.scores().isPresent()) {
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
