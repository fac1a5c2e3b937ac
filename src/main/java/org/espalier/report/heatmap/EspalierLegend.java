package org.espalier.report.heatmap;

import java.awt.Graphics2D;
import org.espalier.report.heatmap.EspalierLayout.Span;
import org.espalier.report.heatmap.Lettering.Anchor;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Says which colour means which score, and what the marks mean. */
final class EspalierLegend {
  private static final double SIZE = 10.5;
  private static final double THICKNESS = 10;

  private final EspalierPicture picture;
  private final EspalierPalette palette;

  EspalierLegend(EspalierPicture picture, EspalierPalette palette) {
    this.picture = picture;
    this.palette = palette;
  }

  void draw(Graphics2D graphics, EspalierLayout layout, double top) {
    Lettering lettering = new GraphicsLettering(graphics);
    Surface surface = new GraphicsSurface(graphics);
    Span heads = layout.units(SubLayerKind.ATTENTION);
    Span channels = layout.units(SubLayerKind.FEED_FORWARD);
    if (picture.scores().isPresent() && !picture.model().blocks().isEmpty()) {
      RankedScores scores = picture.scores().get();
      if (picture.normalisation() == Normalisation.PER_KIND) {
        scale(heads, range(scores, SubLayerKind.ATTENTION), 2, top, surface, lettering);
      }
      scale(channels, range(scores, SubLayerKind.FEED_FORWARD), 4, top, surface, lettering);
      lettering.set(
          caption(scores),
          channels.left(),
          top + THICKNESS + 30,
          Anchor.LEFT,
          SIZE,
          false,
          palette.quiet());
    }
    marks(surface, lettering, top + THICKNESS + 51, heads.left());
  }

  private RankedScores.Range range(RankedScores scores, SubLayerKind kind) {
    return scores.range(new SubLayer(0, kind), picture.normalisation());
  }

  /** The colour map along a span, with the scores at its quantiles. */
  private void scale(
      Span span,
      RankedScores.Range range,
      int steps,
      double top,
      Surface surface,
      Lettering lettering) {
    int stripes = (int) span.width();
    for (int i = 0; i < stripes; i++) {
      surface.fill(
          Math.rint(span.left()) + i,
          top,
          Math.min(2, stripes - i),
          THICKNESS,
          palette.map().colour((double) i / (stripes - 1)));
    }
    for (int step = 0; step <= steps; step++) {
      double share = (double) step / steps;
      Anchor anchor = step == 0 ? Anchor.LEFT : step == steps ? Anchor.RIGHT : Anchor.MIDDLE;
      double x = span.left() + share * span.width();
      surface.fill(Math.min(x, span.right() - 1), top + THICKNESS, 1, 3, palette.faint());
      lettering.set(
          tick(range, step, steps), x, top + THICKNESS + 11, anchor, SIZE, false, palette.text());
    }
  }

  private String tick(RankedScores.Range range, int step, int steps) {
    if (picture.normalisation() != Normalisation.PER_BLOCK) {
      return ScoreFormat.format(range.at((double) step / steps));
    }
    return step == 0 ? "lowest" : step == steps ? "highest" : step * 2 == steps ? "median" : "";
  }

  private String caption(RankedScores scores) {
    String among =
        switch (picture.normalisation()) {
          case PER_BLOCK -> "the units of its sub-layer";
          case PER_KIND -> "all units of its kind";
          case GLOBAL -> "all units";
        };
    return scores.statistic() + ". Colour: rank among " + among + ".";
  }

  private void marks(Surface surface, Lettering lettering, double middle, double left) {
    double x = left;
    int sample = picture.scores().isPresent() ? palette.map().colour(0.6) : palette.plain();
    surface.fill(x, middle - 5, 22, 10, sample);
    x = word("kept", x + 28, middle, lettering);
    surface.fill(
        x, middle - 5, 22, 10, ColourMap.mix(sample, palette.background(), EspalierPainter.PALE));
    surface.hatch(x, middle - 5, 22, 10, palette.hatch());
    x = word("removed", x + 28, middle, lettering);
    if (picture.order() == UnitOrder.BY_SCORE && picture.scores().isPresent()) {
      surface.fill(x, middle - 8, 2, 16, palette.cut());
      x = word("cut line, most important units left of it", x + 8, middle, lettering);
    }
    for (SubLayerState state : SubLayerState.values()) {
      if (state != SubLayerState.FREE
          && picture.model().subLayers().stream().anyMatch(s -> picture.state(s) == state)) {
        lettering.mark(state, x + 6, middle, 12, colour(state));
        x = word(word(state), x + 17, middle, lettering);
      }
    }
  }

  private int colour(SubLayerState state) {
    return switch (state) {
      case FREE, CONSTRAINED -> palette.quiet();
      case HAND_SET -> palette.cut();
      case LOCKED -> palette.bar();
    };
  }

  private static String word(SubLayerState state) {
    return switch (state) {
      case FREE -> "free";
      case CONSTRAINED -> "at the method's limit";
      case HAND_SET -> "hand-set";
      case LOCKED -> "locked";
    };
  }

  /** Sets a word and returns where the next mark may stand. */
  private double word(String words, double x, double middle, Lettering lettering) {
    lettering.set(words, x, middle, Anchor.LEFT, SIZE, false, palette.quiet());
    return x + lettering.width(words, SIZE, false) + 20;
  }
}
