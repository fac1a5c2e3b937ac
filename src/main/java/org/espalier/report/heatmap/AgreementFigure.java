package org.espalier.report.heatmap;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.importance.ScoreAgreement;
import org.espalier.report.Figure;
import org.espalier.report.Table;
import org.espalier.report.heatmap.Lettering.Anchor;

/**
 * How far methods agree, as a small heat map: a row for every two of them, a column for every
 * block, head groups on the left and channels on the right.
 *
 * @param title one line above it
 * @param note a quieter line below the title
 */
public record AgreementFigure(
    String title,
    String note,
    ScoreAgreement agreement,
    EspalierPalette palette,
    int width,
    int height)
    implements Figure {
  private static final double TITLE = 48;
  private static final double HEAD = 36;
  private static final double LEGEND = 42;
  private static final double MARGIN = 10;
  private static final double GAP = 26;
  private static final double MEAN = 54;
  private static final double TALLEST_ROW = 34;

  @Override
  public void draw(Graphics2D graphics) {
    graphics.setColor(new Color(palette.background()));
    graphics.fill(new Rectangle2D.Double(0, 0, width, height));
    Lettering lettering = new GraphicsLettering(graphics);
    Surface surface = new GraphicsSurface(graphics);
    lettering.set(title, MARGIN, 19, Anchor.LEFT, 14, true, palette.text());
    lettering.set(note, MARGIN, 38, Anchor.LEFT, 11, false, palette.quiet());
    double names =
        agreement.pairs().stream()
            .mapToDouble(pair -> lettering.width(name(pair), 11, false))
            .max()
            .orElse(0);
    double left = MARGIN + names + 12;
    double half = (width - left - MEAN - GAP - MARGIN) / 2;
    double right = left + MEAN + half + GAP;
    int rows = Math.max(1, agreement.pairs().size());
    double row = Math.min(TALLEST_ROW, (height - TITLE - HEAD - LEGEND) / rows);
    double top = TITLE + HEAD;
    lettering.set("mean", left, TITLE + 8, Anchor.LEFT, 11, true, palette.text());
    head("head groups of block", left + MEAN, half, blocks(), lettering);
    head("channels of block", right, half, blocks(), lettering);
    for (int i = 0; i < agreement.pairs().size(); i++) {
      ScoreAgreement.Pair pair = agreement.pairs().get(i);
      double y = top + i * row;
      lettering.set(name(pair), MARGIN, y + row / 2, Anchor.LEFT, 11, false, palette.text());
      lettering.set(number(pair.mean()), left, y + row / 2, Anchor.LEFT, 11, true, palette.text());
      cells(pair.attention(), left + MEAN, y, half, row, surface, lettering);
      cells(pair.feedForward(), right, y, half, row, surface, lettering);
    }
    legend(left + MEAN, top + rows * row + 18, surface, lettering);
  }

  private int blocks() {
    return agreement.pairs().isEmpty() ? 0 : agreement.pairs().get(0).attention().size();
  }

  private void head(String words, double left, double half, int blocks, Lettering lettering) {
    lettering.set(words, left, TITLE + 8, Anchor.LEFT, 11, true, palette.text());
    double cell = half / Math.max(1, blocks);
    int every = cell >= 16 ? 1 : cell >= 8 ? 2 : 5;
    for (int block = 0; block < blocks; block += every) {
      lettering.set(
          Integer.toString(block),
          left + (block + 0.5) * cell,
          TITLE + 26,
          Anchor.MIDDLE,
          10,
          false,
          palette.quiet());
    }
  }

  private void cells(
      List<Double> values,
      double left,
      double top,
      double half,
      double row,
      Surface surface,
      Lettering lettering) {
    double cell = half / values.size();
    double gap = cell >= 6 ? 1 : 0;
    boolean numbers = cell >= 30 && row >= 13;
    for (int block = 0; block < values.size(); block++) {
      double value = values.get(block);
      double x = left + block * cell;
      int colour = Double.isFinite(value) ? palette.map().colour(value) : palette.background();
      surface.fill(x, top, cell - gap, row - 1, colour);
      if (!Double.isFinite(value)) {
        surface.hatch(x, top, cell - gap, row - 1, palette.hatch());
      } else if (numbers) {
        lettering.set(
            number(value),
            x + (cell - gap) / 2,
            top + (row - 1) / 2,
            Anchor.MIDDLE,
            10,
            false,
            isDark(colour) ? 0xffffffff : 0xff000000);
      }
    }
  }

  private void legend(double left, double middle, Surface surface, Lettering lettering) {
    double strip = 140;
    lettering.set("0 or less", left, middle, Anchor.LEFT, 10, false, palette.quiet());
    double from = left + lettering.width("0 or less", 10, false) + 6;
    for (int i = 0; i < strip; i++) {
      surface.fill(from + i, middle - 5, 1, 10, palette.map().colour(i / strip));
    }
    lettering.set(
        "1 the same order", from + strip + 6, middle, Anchor.LEFT, 10, false, palette.quiet());
    double then = from + strip + 6 + lettering.width("1 the same order", 10, false) + 18;
    surface.hatch(then, middle - 5, 14, 10, palette.hatch());
    lettering.set(
        "one of both tells no units apart",
        then + 20,
        middle,
        Anchor.LEFT,
        10,
        false,
        palette.quiet());
  }

  private static boolean isDark(int argb) {
    double light = 0.299 * (argb >> 16 & 0xff) + 0.587 * (argb >> 8 & 0xff) + 0.114 * (argb & 0xff);
    return light < 140;
  }

  private static String name(ScoreAgreement.Pair pair) {
    return pair.first() + " – " + pair.second();
  }

  private static String number(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%.2f", value).replace('-', '−')
        : "–";
  }

  @Override
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (ScoreAgreement.Pair pair : agreement.pairs()) {
      for (int block = 0; block < pair.attention().size(); block++) {
        rows.add(
            List.of(
                pair.first(),
                pair.second(),
                Integer.toString(block),
                pair.attention().get(block).toString(),
                pair.feedForward().get(block).toString()));
      }
    }
    return new Table(List.of("first", "second", "block", "headGroups", "channels"), rows);
  }
}
