package org.espalier.report.heatmap;

import org.espalier.allocation.SubLayerCost;
import org.espalier.report.heatmap.UnitPlotPainter.Area;

/**
 * Paints what a sub-layer's cut is predicted to cost: an area over the share that is kept, from
 * nothing at the left to everything at the right, with the present cut as a line and a dot.
 */
public final class CostPainter {
  private static final double HEADROOM = 0.12;

  private final EspalierPalette palette;

  public CostPainter(EspalierPalette palette) {
    this.palette = palette;
  }

  /**
   * Paints the curve where it was measured.
   *
   * @param kept units at the present cut
   */
  public void paint(SubLayerCost cost, int kept, Area area, Surface surface) {
    double top = cost.most();
    double range = Math.max(top - Math.min(0, cost.least()), 1e-9) * (1 + HEADROOM);
    double ground = area.bottom() - area.height() * -Math.min(0, cost.least()) / range;
    int columns = (int) Math.max(1, area.width());
    double before = Double.NaN;
    for (int column = 0; column < columns; column++) {
      double change = at(cost, (column + 0.5) / columns);
      if (Double.isNaN(change)) {
        continue;
      }
      double y = ground - area.height() * change / range;
      double left = Math.floor(area.left()) + column;
      surface.fill(left, Math.min(y, ground), 1, Math.abs(ground - y), palette.track());
      // From where the column before ended, so that steep parts stay one line.
      double from = Double.isNaN(before) ? y : Math.min(before, y);
      double to = Double.isNaN(before) ? y : Math.max(before, y);
      surface.fill(left, from - 1, 1, to - from + 2, palette.bar());
      before = y;
    }
    surface.fill(area.left(), ground, area.width(), 1, palette.faint());
    double units = cost.units();
    double x = area.left() + area.width() * kept / units;
    surface.fill(x - 1, area.top(), 2, area.height(), palette.cut());
    double here = cost.at(kept);
    if (!Double.isNaN(here)) {
      double y = ground - area.height() * here / range;
      surface.fill(x - 4, y - 4, 8, 8, palette.background());
      surface.fill(x - 3, y - 3, 6, 6, palette.cut());
    }
  }

  private static double at(SubLayerCost cost, double share) {
    return cost.at(share * cost.units());
  }
}
