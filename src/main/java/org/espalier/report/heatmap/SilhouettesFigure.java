package org.espalier.report.heatmap;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.PrunableModel;
import org.espalier.report.Figure;
import org.espalier.report.Table;
import org.espalier.report.heatmap.Lettering.Anchor;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Allocations of one model as small trees beside each other, all to one scale: a row is a block,
 * left of the trunk stands what its attention keeps, right what its feed-forward keeps, and areas
 * are parameters: with fewer hidden channels every row is lower, too. What goes is pale and
 * hatched.
 *
 * @param title one line above it
 * @param note a quieter line below the title
 */
public record SilhouettesFigure(
    String title,
    String note,
    PrunableModel model,
    List<Silhouette> silhouettes,
    EspalierPalette palette,
    int width,
    int height)
    implements Figure {
  private static final double TITLE = 48;
  private static final double HEAD = 34;
  private static final double FOOT = 18;
  private static final double GAP = 22;
  private static final double MARGIN = 10;
  private static final double TALLEST_ROW = 26;

  /**
   * One allocation.
   *
   * @param name above it
   * @param detail below the name
   * @param colour of what it keeps, opaque ARGB
   */
  public record Silhouette(String name, String detail, Allocation kept, int colour) {}

  public SilhouettesFigure {
    silhouettes = List.copyOf(silhouettes);
  }

  @Override
  public void draw(Graphics2D graphics) {
    graphics.setColor(new Color(palette.background()));
    graphics.fill(new Rectangle2D.Double(0, 0, width, height));
    Lettering lettering = new GraphicsLettering(graphics);
    Surface surface = new GraphicsSurface(graphics);
    lettering.set(title, MARGIN, 19, Anchor.LEFT, 14, true, palette.text());
    lettering.set(note, MARGIN, 38, Anchor.LEFT, 11, false, palette.quiet());
    int columns = columns();
    int rows = (silhouettes.size() + columns - 1) / columns;
    double wide = (width - 2 * MARGIN - (columns - 1) * GAP) / columns;
    double high = (height - TITLE - MARGIN) / Math.max(1, rows);
    for (int i = 0; i < silhouettes.size(); i++) {
      double left = MARGIN + i % columns * (wide + GAP);
      double top = TITLE + i / columns * high;
      paint(silhouettes.get(i), left, top, wide, high - 8, surface, lettering);
    }
  }

  /** As many columns as make the trees about as wide as high. */
  private int columns() {
    int best = 1;
    double bestScore = 0;
    for (int columns = 1; columns <= silhouettes.size(); columns++) {
      int rows = (silhouettes.size() + columns - 1) / columns;
      double wide = (width - 2 * MARGIN - (columns - 1) * GAP) / columns;
      double high = (height - TITLE - MARGIN) / rows - HEAD - FOOT - 8;
      double score = Math.min(wide, 1.6 * high);
      if (score > bestScore) {
        bestScore = score;
        best = columns;
      }
    }
    return best;
  }

  private void paint(
      Silhouette silhouette,
      double left,
      double top,
      double wide,
      double high,
      Surface surface,
      Lettering lettering) {
    String name = fitting(silhouette.name(), wide, lettering);
    lettering.set(name, left, top + 8, Anchor.LEFT, 12, true, palette.text());
    lettering.set(silhouette.detail(), left, top + 23, Anchor.LEFT, 10.5, false, palette.quiet());
    int blocks = model.blocks().size();
    double numbers = 20;
    double row = Math.min(TALLEST_ROW, Math.max(1, (high - HEAD - FOOT) / blocks));
    double scale =
        (wide - numbers) / (widestOf(SubLayerKind.ATTENTION) + widestOf(SubLayerKind.FEED_FORWARD));
    double trunk = left + numbers + widestOf(SubLayerKind.ATTENTION) * scale;
    double gap = row >= 5 ? 1 : 0;
    for (int block = 0; block < blocks; block++) {
      double y = top + HEAD + block * row;
      branch(silhouette, SubLayer.attention(block), trunk, y, row - gap, -scale, surface);
      branch(silhouette, SubLayer.feedForward(block), trunk, y, row - gap, scale, surface);
      if (block % numberedEvery(row) == 0) {
        lettering.set(
            Integer.toString(model.number(block)),
            left + numbers - 5,
            y + row / 2,
            Anchor.RIGHT,
            9,
            false,
            palette.quiet());
      }
    }
    double bottom = top + HEAD + blocks * row;
    surface.fill(trunk - 1, top + HEAD - 3, 2, blocks * row + 5, palette.text());
    String attention = "attention";
    if (lettering.width(attention, 9, false) < trunk - left) {
      lettering.set(attention, trunk - 4, bottom + 9, Anchor.RIGHT, 9, false, palette.quiet());
    }
    lettering.set("feed-forward", trunk + 4, bottom + 9, Anchor.LEFT, 9, false, palette.quiet());
  }

  private static int numberedEvery(double row) {
    return row >= 9 ? 1 : row >= 4.5 ? 2 : row >= 2 ? 5 : 10;
  }

  private static String fitting(String name, double wide, Lettering lettering) {
    String fit = name;
    while (fit.length() > 4 && lettering.width(fit, 12, true) > wide) {
      fit = fit.substring(0, fit.length() - 2) + "…";
    }
    return fit;
  }

  private void branch(
      Silhouette silhouette,
      SubLayer subLayer,
      double trunk,
      double top,
      double high,
      double scale,
      Surface surface) {
    double unit = model.parametersPerUnit(subLayer) * Math.abs(scale);
    double kept = silhouette.kept().kept(subLayer) * unit;
    double all = model.units(subLayer) * unit;
    double keptLeft = scale < 0 ? trunk - kept : trunk;
    double goneLeft = scale < 0 ? trunk - all : trunk + kept;
    int pale = ColourMap.mix(silhouette.colour(), palette.background(), EspalierPainter.PALE);
    surface.fill(goneLeft, top, all - kept, high, pale);
    surface.hatch(goneLeft, top, all - kept, high, palette.hatch());
    double low = high * hiddenShare(silhouette.kept());
    surface.fill(keptLeft, top, kept, low, silhouette.colour());
    if (low < high) {
      surface.fill(keptLeft, top + low, kept, high - low, pale);
      surface.hatch(keptLeft, top + low, kept, high - low, palette.hatch());
    }
  }

  /** What an allocation keeps of the hidden channels, which every unit of the model reads. */
  private double hiddenShare(Allocation kept) {
    return kept.keptHidden().isPresent()
        ? (double) kept.keptHidden().getAsInt() / model.hidden().count()
        : 1;
  }

  /** Parameters of the widest sub-layer of a kind. */
  private double widestOf(SubLayerKind kind) {
    double widest = 1;
    for (int block = 0; block < model.blocks().size(); block++) {
      SubLayer subLayer = new SubLayer(block, kind);
      widest = Math.max(widest, (double) model.units(subLayer) * model.parametersPerUnit(subLayer));
    }
    return widest;
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (Silhouette silhouette : silhouettes) {
      for (int block = 0; block < model.blocks().size(); block++) {
        SubLayer attention = SubLayer.attention(block);
        SubLayer feedForward = SubLayer.feedForward(block);
        rows.add(
            List.of(
                silhouette.name(),
                Integer.toString(model.number(block)),
                Integer.toString(silhouette.kept().kept(attention)),
                Integer.toString(model.units(attention)),
                Integer.toString(silhouette.kept().kept(feedForward)),
                Integer.toString(model.units(feedForward))));
      }
    }
    return new Table(
        List.of("model", "block", "keptHeadGroups", "headGroups", "keptChannels", "channels"),
        rows);
  }
}
