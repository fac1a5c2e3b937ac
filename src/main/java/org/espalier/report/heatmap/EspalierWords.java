package org.espalier.report.heatmap;

import java.util.Locale;
import java.util.Optional;
import org.espalier.report.heatmap.EspalierLayout.Span;
import org.espalier.report.heatmap.Lettering.Anchor;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Sets the words, figures and state marks over what {@link EspalierPainter} painted. */
public final class EspalierWords {
  private static final double HEADING = 11;
  private static final double SMALLEST_ICON = 9;

  private final EspalierWording wording;
  private final EspalierPalette palette;

  public EspalierWords(EspalierWording wording, EspalierPalette palette) {
    this.wording = wording;
    this.palette = palette;
  }

  /** Headings, and the words of every row that has room for them. */
  public void paint(EspalierPicture picture, EspalierLayout layout, Lettering lettering) {
    paintHeadings(picture, layout, lettering);
    int every = layout.labelledRows();
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      paintRow(picture, layout, block, block % every == 0, lettering);
    }
  }

  private void paintHeadings(EspalierPicture picture, EspalierLayout layout, Lettering lettering) {
    double middle = layout.headerHeight() / 2 - 1;
    heading(wording.block(), layout.number().right(), middle, Anchor.RIGHT, lettering);
    heading(
        wording.attentionKept(),
        layout.padlock(SubLayerKind.ATTENTION).left() + 4,
        middle,
        Anchor.LEFT,
        lettering);
    for (SubLayerKind kind : SubLayerKind.values()) {
      for (int column = 0; column < picture.columns().size(); column++) {
        Span span = layout.column(kind, column);
        heading(
            picture.columns().get(column).title(), span.right(), middle, Anchor.RIGHT, lettering);
      }
    }
    if (picture.model().blocks().isEmpty()) {
      return;
    }
    Span heads = layout.units(SubLayerKind.ATTENTION);
    String count = count(most(picture, SubLayerKind.ATTENTION));
    String words = wording.headGroups().apply(count);
    heading(
        lettering.width(words, HEADING, false) > heads.width() + 2
            ? wording.headGroupsShort().apply(count)
            : words,
        heads.left(),
        middle,
        Anchor.LEFT,
        lettering);
    heading(
        channels(picture, layout, lettering),
        layout.units(SubLayerKind.FEED_FORWARD).left(),
        middle,
        Anchor.LEFT,
        lettering);
    Span figure = layout.figure(SubLayerKind.FEED_FORWARD);
    heading(
        picture.columns().isEmpty() ? wording.feedForwardKept() : wording.keptShort(),
        picture.columns().isEmpty() ? layout.width() - 8 : figure.left() - 4,
        middle,
        Anchor.RIGHT,
        lettering);
  }

  private void heading(String words, double x, double y, Anchor anchor, Lettering lettering) {
    lettering.set(words, x, y, anchor, HEADING, false, palette.quiet());
  }

  private String channels(EspalierPicture picture, EspalierLayout layout, Lettering lettering) {
    int most = most(picture, SubLayerKind.FEED_FORWARD);
    int bins = 0;
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      bins = Math.max(bins, layout.bins(SubLayer.feedForward(block)));
    }
    String inBins = wording.channelsInBins().apply(count(most), count(bins));
    double room = layout.units(SubLayerKind.FEED_FORWARD).width();
    return bins < most
            && picture.hasUnitScores(SubLayer.feedForward(0))
            && lettering.width(inBins, HEADING, false) <= room
        ? inBins
        : wording.channels().apply(count(most));
  }

  private static int most(EspalierPicture picture, SubLayerKind kind) {
    int most = 0;
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      most = Math.max(most, picture.model().units(new SubLayer(block, kind)));
    }
    return most;
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * The words of one row.
   *
   * @param labelled whether it has room for more than its state
   */
  public void paintRow(
      EspalierPicture picture,
      EspalierLayout layout,
      int block,
      boolean labelled,
      Lettering lettering) {
    double middle = layout.rowTop(block) + layout.rowHeight() / 2;
    double size = Math.max(9.5, Math.min(12, layout.rowHeight() * 0.62));
    if (labelled) {
      int colour = picture.isBlockRemoved(block) ? palette.quiet() : palette.text();
      String number = Integer.toString(picture.model().number(block));
      double right = layout.number().right();
      lettering.set(number, right, middle, Anchor.RIGHT, size, false, colour);
      if (picture.isBlockRemoved(block)) {
        double width = lettering.width(number, size, false) + 4;
        lettering.ground(right - width + 2, middle - 0.5, width, 1, palette.cut());
      }
    }
    for (SubLayerKind kind : SubLayerKind.values()) {
      SubLayer subLayer = new SubLayer(block, kind);
      paintState(picture, layout, subLayer, middle, lettering);
      if (labelled) {
        paintFigures(picture, layout, subLayer, middle, size, lettering);
      }
      if (picture.kept().kept(subLayer) == 0 && layout.rowHeight() >= 12) {
        paintRemoved(layout, subLayer, middle, size, lettering);
      }
    }
  }

  private void paintFigures(
      EspalierPicture picture,
      EspalierLayout layout,
      SubLayer subLayer,
      double middle,
      double size,
      Lettering lettering) {
    Span figure = layout.figure(subLayer.kind());
    lettering.set(
        figure(picture, subLayer), figure.left(), middle, Anchor.LEFT, size, false, palette.text());
    if (layout.rowHeight() < 14) {
      return; // Their bars stand in the middle of such rows.
    }
    for (int column = 0; column < picture.columns().size(); column++) {
      Span span = layout.column(subLayer.kind(), column);
      Optional<SubLayerColumn.Cell> cell = picture.columns().get(column).of(subLayer);
      if (cell.isPresent()) {
        double y = middle - Math.min(2, layout.rowHeight() / 10);
        lettering.set(
            cell.get().text(),
            span.right(),
            y,
            Anchor.RIGHT,
            Math.min(11, size),
            false,
            palette.text());
      }
    }
  }

  private static String figure(EspalierPicture picture, SubLayer subLayer) {
    int units = picture.model().units(subLayer);
    int kept = picture.kept().kept(subLayer);
    if (units == 0) {
      return "–"; // Removed before this checkpoint was written.
    }
    return subLayer.kind() == SubLayerKind.ATTENTION ? kept + " / " + units : percent(kept, units);
  }

  /** Whole percent: "100 %" only for all units, "0 %" only for none. */
  private static String percent(int kept, int units) {
    if (kept == 0 || kept == units) {
      return kept == 0 ? "0 %" : "100 %";
    }
    return Math.max(1, Math.min(99, Math.round(100.0 * kept / units))) + " %";
  }

  private void paintState(
      EspalierPicture picture,
      EspalierLayout layout,
      SubLayer subLayer,
      double middle,
      Lettering lettering) {
    SubLayerState state = picture.state(subLayer);
    double size = Math.min(13, layout.rowHeight() - 2);
    if (state == SubLayerState.FREE && size < SMALLEST_ICON) {
      return; // Only what is not free is marked where there is little room.
    }
    Span span = layout.padlock(subLayer.kind());
    int colour =
        switch (state) {
          case FREE -> palette.faint();
          case CONSTRAINED -> palette.quiet();
          case HAND_SET -> palette.cut();
          case LOCKED -> palette.bar();
        };
    lettering.mark(state, span.left() + span.width() / 2, middle, Math.max(4, size), colour);
  }

  private void paintRemoved(
      EspalierLayout layout, SubLayer subLayer, double middle, double size, Lettering lettering) {
    Span span = layout.units(subLayer.kind());
    double width = lettering.width(wording.removed(), size, true) + 8;
    if (width > span.width()) {
      return;
    }
    double left = span.left() + Math.min(10, (span.width() - width) / 2);
    lettering.ground(left, middle - size * 0.65, width, size * 1.3, palette.background());
    lettering.set(wording.removed(), left + 4, middle, Anchor.LEFT, size, true, palette.cut());
  }
}
