package org.espalier.ui.heatmap;

import java.util.Arrays;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.heatmap.EspalierLayout.Span;

/**
 * Paints cells, bins, bars and cut lines into plain pixels. Knows no toolkit; words and padlocks
 * are drawn over it by whoever shows the picture.
 *
 * <p>Removed units are pale and hatched, so that they differ without colour too.
 */
public final class EspalierPainter {
  private static final double PALE = 0.82;
  private static final int HATCH_EVERY = 5;

  private final EspalierPalette palette;
  private final double scale;
  private final int width;
  private final int height;
  private final int[] pixels;

  /**
   * @param scale device pixels of a logical pixel
   * @param pixels opaque ARGB, row by row, at least {@code width * height}
   */
  public EspalierPainter(
      EspalierPalette palette, double scale, int width, int height, int[] pixels) {
    this.palette = palette;
    this.scale = scale;
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  public void paint(EspalierPicture picture, EspalierLayout layout) {
    Arrays.fill(pixels, 0, width * height, palette.background());
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        if (picture.model().units(subLayer) > 0) {
          paintBar(picture, layout, subLayer);
          paintUnits(picture, layout, subLayer);
          paintCut(picture, layout, subLayer);
        }
      }
    }
  }

  private void paintBar(EspalierPicture picture, EspalierLayout layout, SubLayer subLayer) {
    Span bar = layout.bar(subLayer.kind());
    double middle = layout.rowTop(subLayer.block()) + layout.rowHeight() / 2;
    double thickness = Math.max(2, Math.min(8, layout.rowHeight() * 0.4));
    double top = middle - thickness / 2;
    double kept =
        (double) picture.kept().kept(subLayer) / picture.model().units(subLayer) * bar.width();
    fill(bar.left(), top, bar.width(), thickness, palette.track());
    fill(bar.left(), top, kept, thickness, palette.bar());
  }

  private void paintUnits(EspalierPicture picture, EspalierLayout layout, SubLayer subLayer) {
    Span span = layout.units(subLayer.kind());
    int units = picture.model().units(subLayer);
    int kept = picture.kept().kept(subLayer);
    int bins = layout.bins(subLayer);
    double top = layout.rowTop(subLayer.block()) + layout.rowGap() / 2;
    double rowHeight = layout.rowHeight() - layout.rowGap();
    double gap = layout.hasCells(subLayer) ? 1 : 0;
    boolean byScore = picture.order() == UnitOrder.BY_SCORE;
    double cut = layout.cut(subLayer, kept);
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) ((long) bin * units / bins);
      int to = (int) ((long) (bin + 1) * units / bins);
      double left = span.left() + span.width() * from / units;
      double right = span.left() + span.width() * to / units - gap;
      int colour = colour(picture, subLayer, from, to);
      if (byScore) {
        double edge = Math.max(left, Math.min(right, cut));
        fill(left, top, edge - left, rowHeight, colour);
        removed(edge, top, right - edge, rowHeight, colour);
      } else {
        double keptHeight = rowHeight * keptShare(picture, subLayer, from, to, kept);
        removed(left, top, right - left, rowHeight - keptHeight, colour);
        fill(left, top + rowHeight - keptHeight, right - left, keptHeight, colour);
      }
    }
    if (kept == 0) {
      fill(span.left(), top + rowHeight / 2 - 0.5, span.width(), 1.5, palette.cut());
    }
  }

  private int colour(EspalierPicture picture, SubLayer subLayer, int from, int to) {
    if (picture.scores().isEmpty()) {
      return palette.plain();
    }
    RankedScores scores = picture.scores().get();
    return ColourMap.colour(
        scores
            .range(subLayer, picture.normalisation())
            .position(scores.mean(subLayer, picture.order(), from, to)));
  }

  private static double keptShare(
      EspalierPicture picture, SubLayer subLayer, int from, int to, int kept) {
    if (picture.scores().isEmpty()) {
      return 1;
    }
    RankedScores scores = picture.scores().get();
    int keptHere = 0;
    for (int unit = from; unit < to; unit++) {
      if (scores.rank(subLayer, unit) < kept) {
        keptHere++;
      }
    }
    return (double) keptHere / (to - from);
  }

  private void paintCut(EspalierPicture picture, EspalierLayout layout, SubLayer subLayer) {
    if (picture.order() == UnitOrder.BY_SCORE && picture.scores().isPresent()) {
      double x = layout.cut(subLayer, picture.kept().kept(subLayer));
      double gap = layout.hasCells(subLayer) ? 0.5 : 0;
      fill(
          x - 1 - gap,
          layout.rowTop(subLayer.block()),
          2,
          layout.rowHeight() - Math.min(1, layout.rowGap() / 2),
          palette.cut());
    }
  }

  private void removed(double left, double top, double wide, double high, int colour) {
    int pale = ColourMap.mix(colour, palette.background(), PALE);
    int period = Math.max(3, (int) Math.round(HATCH_EVERY * scale));
    int firstX = pixel(left, width);
    int lastX = pixel(left + wide, width);
    int lastY = pixel(top + high, height);
    for (int y = pixel(top, height); y < lastY; y++) {
      for (int x = firstX; x < lastX; x++) {
        pixels[y * width + x] = (x + y) % period == 0 ? palette.hatch() : pale;
      }
    }
  }

  private void fill(double left, double top, double wide, double high, int colour) {
    int firstX = pixel(left, width);
    int lastX = pixel(left + wide, width);
    int lastY = pixel(top + high, height);
    for (int y = pixel(top, height); y < lastY && firstX < lastX; y++) {
      Arrays.fill(pixels, y * width + firstX, y * width + lastX, colour);
    }
  }

  private int pixel(double logical, int limit) {
    return Math.max(0, Math.min(limit, (int) Math.round(logical * scale)));
  }
}
