package org.espalier.report.heatmap;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.espalier.report.Figure;
import org.espalier.report.Table;
import org.espalier.report.heatmap.Lettering.Anchor;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * The espalier with its words, padlocks and legend, ready for a file.
 *
 * @param title one line above it
 * @param note a quieter line below the title; may be empty
 */
public record EspalierFigure(
    EspalierPicture picture, String title, String note, int width, EspalierPalette palette)
    implements Figure {
  private static final double TITLE = 48;
  private static final double LEGEND = 78;
  private static final double SIZE = 11;

  /** 1040 pixels wide. */
  public EspalierFigure(
      EspalierPicture picture, String title, String note, EspalierPalette palette) {
    this(picture, title, note, 1040, palette);
  }

  @Override
  public int height() {
    return (int) Math.ceil(TITLE + layout().height() + LEGEND);
  }

  private EspalierLayout layout() {
    int blocks = Math.max(1, picture.model().blocks().size());
    int row = blocks <= 12 ? 26 : blocks <= 40 ? 20 : blocks <= 64 ? 14 : 9;
    return new EspalierLayout(
        picture.model(), picture.columns().size(), width, 28 + (double) blocks * row);
  }

  @Override
  public void draw(Graphics2D graphics) {
    EspalierLayout layout = layout();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    graphics.setColor(new Color(palette.background()));
    graphics.fill(new Rectangle2D.Double(0, 0, width, height()));
    Lettering lettering = new GraphicsLettering(graphics);
    lettering.set(title, 8, 19, Anchor.LEFT, 14, true, palette.text());
    lettering.set(note, 8, 38, Anchor.LEFT, SIZE, false, palette.quiet());
    graphics.translate(0, TITLE);
    new EspalierPainter(palette).paint(picture, layout, new GraphicsSurface(graphics));
    new EspalierWords(EspalierWording.ENGLISH, palette).paint(picture, layout, lettering);
    graphics.translate(0, -TITLE);
    new EspalierLegend(picture, palette).draw(graphics, layout, TITLE + layout.height() + 4);
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (SubLayer subLayer : picture.model().subLayers()) {
      int units = picture.model().units(subLayer);
      int kept = picture.kept().kept(subLayer);
      rows.add(
          List.of(
              Integer.toString(picture.model().number(subLayer.block())),
              subLayer.kind() == SubLayerKind.ATTENTION ? "attention" : "feedForward",
              Integer.toString(units),
              Integer.toString(kept),
              units == 0 ? "" : Double.toString((double) (units - kept) / units),
              picture
                  .locks()
                  .of(subLayer)
                  .map(hold -> hold.editable() ? "hand-set" : "locked")
                  .orElse("")));
    }
    return new Table(List.of("block", "subLayer", "units", "kept", "removedShare", "hold"), rows);
  }
}
