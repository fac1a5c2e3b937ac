package org.espalier.report.heatmap;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.allocation.Hold;
import org.espalier.report.Figure;
import org.espalier.report.Table;
import org.espalier.report.heatmap.EspalierLayout.Span;
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
    return new EspalierLayout(picture.model(), width, 28 + (double) blocks * row);
  }

  @Override
  public void draw(Graphics2D graphics) {
    EspalierLayout layout = layout();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    graphics.setColor(new Color(palette.background()));
    graphics.fill(new Rectangle2D.Double(0, 0, width, height()));
    Lettering lettering = new Lettering(graphics);
    lettering.set(title, 8, 19, Anchor.LEFT, 14, true, palette.text());
    lettering.set(note, 8, 38, Anchor.LEFT, SIZE, false, palette.quiet());
    graphics.translate(0, TITLE);
    new EspalierPainter(palette).paint(picture, layout, new GraphicsSurface(graphics));
    drawHeadings(layout, lettering);
    drawRows(layout, graphics, lettering);
    graphics.translate(0, -TITLE);
    new EspalierLegend(picture, palette).draw(graphics, layout, TITLE + layout.height() + 4);
  }

  private void drawHeadings(EspalierLayout layout, Lettering lettering) {
    double middle = layout.headerHeight() / 2 - 1;
    heading(lettering, "block", layout.number().right(), middle, Anchor.RIGHT);
    heading(
        lettering,
        "attention kept",
        layout.padlock(SubLayerKind.ATTENTION).left() + 6,
        middle,
        Anchor.LEFT);
    heading(
        lettering,
        counted(layout, SubLayerKind.ATTENTION, "head groups", "cells"),
        layout.units(SubLayerKind.ATTENTION).left(),
        middle,
        Anchor.LEFT);
    heading(
        lettering,
        counted(layout, SubLayerKind.FEED_FORWARD, "channels", "bins"),
        layout.units(SubLayerKind.FEED_FORWARD).left(),
        middle,
        Anchor.LEFT);
    heading(lettering, "feed-forward kept", layout.width() - 8, middle, Anchor.RIGHT);
  }

  private void heading(Lettering lettering, String words, double x, double y, Anchor anchor) {
    lettering.set(words, x, y, anchor, SIZE, false, palette.quiet());
  }

  /** "14,336 channels (160 bins)". */
  private String counted(EspalierLayout layout, SubLayerKind kind, String units, String bins) {
    int most = 0;
    int mostBins = 0;
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      SubLayer subLayer = new SubLayer(block, kind);
      if (picture.model().units(subLayer) > most) {
        most = picture.model().units(subLayer);
        mostBins = layout.bins(subLayer);
      }
    }
    String words = String.format(Locale.ROOT, "%,d %s", most, units);
    return mostBins < most ? words + " (" + mostBins + " " + bins + ")" : words;
  }

  private void drawRows(EspalierLayout layout, Graphics2D graphics, Lettering lettering) {
    double rowHeight = layout.rowHeight();
    int every = rowHeight >= 14 ? 1 : rowHeight >= 7 ? 2 : 5;
    double size = Math.max(9.5, Math.min(12, rowHeight * 0.6));
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      double middle = layout.rowTop(block) + rowHeight / 2;
      if (block % every == 0) {
        String number = Integer.toString(block);
        lettering.set(
            number, layout.number().right(), middle, Anchor.RIGHT, size, false, palette.text());
      }
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        drawHold(graphics, layout, subLayer, middle);
        if (block % every == 0) {
          Span figure = layout.figure(kind);
          lettering.set(
              figure(subLayer), figure.left(), middle, Anchor.LEFT, size, false, palette.text());
        }
      }
    }
  }

  private String figure(SubLayer subLayer) {
    int units = picture.model().units(subLayer);
    int kept = picture.kept().kept(subLayer);
    if (kept == 0) {
      return "gone";
    }
    return subLayer.kind() == SubLayerKind.ATTENTION
        ? kept + " / " + units
        : percent((double) kept / units);
  }

  /** Whole percent, but 100 only for all and 0 only for none. */
  private static String percent(double share) {
    long percent = Math.round(100 * share);
    if (percent == 100 && share < 1) {
      return "99.9 %";
    }
    return percent == 0 ? "< 1 %" : percent + " %";
  }

  private void drawHold(
      Graphics2D graphics, EspalierLayout layout, SubLayer subLayer, double middle) {
    Optional<Hold> hold = picture.locks().of(subLayer);
    double size = Math.min(12, layout.rowHeight() - 2);
    if (hold.isEmpty() && size < 9) {
      return; // Only held rows are marked where there is no room.
    }
    Span span = layout.padlock(subLayer.kind());
    double x = span.left() + span.width() / 2;
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    if (hold.isPresent() && hold.get().editable()) {
      graphics.setColor(new Color(palette.cut()));
      Padlock.drawHandSet(graphics, x, middle, size);
    } else {
      graphics.setColor(new Color(hold.isPresent() ? palette.bar() : palette.faint()));
      Padlock.draw(graphics, x, middle, size, hold.isPresent());
    }
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (SubLayer subLayer : picture.model().subLayers()) {
      int units = picture.model().units(subLayer);
      int kept = picture.kept().kept(subLayer);
      rows.add(
          List.of(
              Integer.toString(subLayer.block()),
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
