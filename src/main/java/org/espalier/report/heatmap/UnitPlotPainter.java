package org.espalier.report.heatmap;

import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * Paints the scores of one sub-layer large: a curve over its units with the cut line, and a
 * histogram. Removed units are pale and hatched as in {@link EspalierPainter}.
 */
public final class UnitPlotPainter {
  private static final double NARROWEST = 2;
  private static final int MOST_BARS = 48;

  private final EspalierPalette palette;

  /** A rectangle in logical pixels. */
  public record Area(double left, double top, double width, double height) {
    public double right() {
      return left + width;
    }

    public double bottom() {
      return top + height;
    }

    public boolean contains(double x, double y) {
      return x >= left && x < right() && y >= top && y < bottom();
    }
  }

  public UnitPlotPainter(EspalierPalette palette) {
    this.palette = palette;
  }

  /**
   * One column per unit, or per few units where there are many.
   *
   * @param marked unit to point out; empty for none
   */
  public void paintCurve(
      EspalierPicture picture,
      SubLayer subLayer,
      Area area,
      Optional<Integer> marked,
      Surface surface) {
    UnitPlot plot = new UnitPlot(picture, subLayer);
    surface.fill(area.left(), area.bottom(), area.width(), 1, palette.faint());
    if (plot.units() == 0) {
      return;
    }
    int columns = (int) Math.max(1, Math.min(plot.units(), area.width() / NARROWEST));
    double gap = area.width() / columns >= 5 ? 1 : 0;
    RankedScores.Range range =
        picture.scores().orElseThrow().range(subLayer, picture.normalisation());
    for (int column = 0; column < columns; column++) {
      int from = (int) ((long) column * plot.units() / columns);
      int to = (int) ((long) (column + 1) * plot.units() / columns);
      double left = x(area, plot, from);
      double width = x(area, plot, to) - left - gap;
      double mean = plot.mean(from, to);
      double height = Math.max(2, plot.height(mean) * area.height());
      int colour = palette.map().colour(range.position(mean));
      double kept = plot.keptShare(from, to);
      if (kept >= 0.5) {
        surface.fill(left, area.bottom() - height, width, height, colour);
      } else {
        int pale = ColourMap.mix(colour, palette.background(), EspalierPainter.PALE);
        surface.fill(left, area.bottom() - height, width, height, pale);
        surface.hatch(left, area.bottom() - height, width, height, palette.hatch());
      }
    }
    paintPicked(picture, subLayer, plot, area, surface);
    picture
        .overlay()
        .filter(overlay -> picture.hasCutLine())
        .ifPresent(
            overlay -> {
              double x = x(area, plot, overlay.kept().kept(subLayer));
              for (double y = area.top(); y < area.bottom(); y += 8) {
                surface.fill(x - 1, y, 2, Math.min(4, area.bottom() - y), palette.text());
              }
            });
    paintCut(picture, plot, area, surface);
    marked.ifPresent(unit -> mark(plot, area, unit, surface));
  }

  private void paintCut(EspalierPicture picture, UnitPlot plot, Area area, Surface surface) {
    if (picture.hasCutLine()) {
      surface.fill(x(area, plot, plot.kept()) - 1, area.top(), 2, area.height(), palette.cut());
    } else if (Double.isFinite(plot.threshold())) {
      double y = area.bottom() - plot.height(plot.threshold()) * area.height();
      surface.fill(area.left(), y, area.width(), 1, palette.cut());
    }
  }

  private void paintPicked(
      EspalierPicture picture, SubLayer subLayer, UnitPlot plot, Area area, Surface surface) {
    for (int unit : picture.locks().pickedOf(subLayer).kept()) {
      double x = x(area, plot, plot.positionOf(unit) + 0.5);
      surface.fill(x - 2.5, area.top(), 5, 5, palette.text());
    }
    for (int unit : picture.locks().pickedOf(subLayer).dropped()) {
      double x = x(area, plot, plot.positionOf(unit) + 0.5);
      surface.fill(x - 2.5, area.top(), 5, 5, palette.cut());
      surface.fill(x - 1.5, area.top() + 1, 3, 3, palette.background());
    }
  }

  private void mark(UnitPlot plot, Area area, int unit, Surface surface) {
    double x = x(area, plot, plot.positionOf(unit) + 0.5);
    surface.fill(x - 0.5, area.top(), 1, area.height(), palette.text());
    surface.fill(x - 3, area.bottom() + 2, 7, 3, palette.text());
  }

  /** How many units have which score, with the cut as a line. */
  public void paintHistogram(
      EspalierPicture picture, SubLayer subLayer, Area area, Surface surface) {
    UnitPlot plot = new UnitPlot(picture, subLayer);
    surface.fill(area.left(), area.bottom(), area.width(), 1, palette.faint());
    int bars = (int) Math.max(1, Math.min(MOST_BARS, area.width() / 5));
    int[][] counts = plot.histogram(bars);
    int most = Math.max(1, UnitPlot.most(counts));
    for (int bar = 0; bar < bars; bar++) {
      double left = area.left() + area.width() * bar / bars;
      double width = area.width() / bars - 1;
      double kept = area.height() * counts[0][bar] / most;
      double removed = area.height() * counts[1][bar] / most;
      double top = area.bottom() - kept - removed;
      surface.fill(left, top, width, removed, palette.track());
      surface.hatch(left, top, width, removed, palette.hatch());
      surface.fill(left, area.bottom() - kept, width, kept, palette.bar());
    }
    if (Double.isFinite(plot.threshold())) {
      double x = area.left() + plot.height(plot.threshold()) * area.width();
      surface.fill(x - 1, area.top(), 2, area.height(), palette.cut());
    }
  }

  /** Which position of the plot's order stands at {@code x}. */
  public static int positionAt(Area area, int units, double x) {
    double share = (x - area.left()) / area.width();
    return (int) Math.max(0, Math.min(units - 1L, (long) Math.floor(share * units)));
  }

  /** Where a cut that keeps so many units stands, rounded to whole units from {@code x}. */
  public static int keptAt(Area area, int units, double x) {
    double share = (x - area.left()) / area.width();
    return (int) Math.max(0, Math.min(units, Math.round(share * units)));
  }

  private static double x(Area area, UnitPlot plot, double position) {
    return area.left() + area.width() * position / plot.units();
  }
}
