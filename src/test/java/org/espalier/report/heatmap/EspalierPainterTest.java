package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EspalierPainterTest {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 400;
  private static final PrunableModel MODEL = Examples.model(10, 8, 2048);
  private static final EspalierLayout LAYOUT = new EspalierLayout(MODEL, WIDTH, HEIGHT);
  private static final EspalierPalette PALETTE = EspalierPalette.LIGHT;

  private static int[] paint(EspalierPicture picture) {
    int[] pixels = new int[WIDTH * HEIGHT];
    new EspalierPainter(PALETTE).paint(picture, LAYOUT, new PixelSurface(1, WIDTH, HEIGHT, pixels));
    return pixels;
  }

  /** Colours along the middle of a row between two places. */
  private static Set<Integer> colours(int[] pixels, int block, double from, double to) {
    int y = (int) (LAYOUT.rowTop(block) + LAYOUT.rowHeight() / 2) - 3;
    Set<Integer> colours = new HashSet<>();
    for (int x = (int) Math.ceil(from); x < (int) to; x++) {
      colours.add(pixels[y * WIDTH + x]);
    }
    return colours;
  }

  @Test
  void removedUnitsAreHatchedAndKeptOnesAreNot() {
    EspalierPicture picture = Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_SCORE);
    int[] pixels = paint(picture);
    for (int block = 0; block < 10; block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        double left = LAYOUT.units(kind).left();
        double right = LAYOUT.units(kind).right();
        double cut = LAYOUT.cut(subLayer, picture.kept().kept(subLayer));
        assertThat(colours(pixels, block, left, cut - 2)).doesNotContain(PALETTE.hatch());
        if (right - cut > 12) {
          assertThat(colours(pixels, block, cut + 2, right)).contains(PALETTE.hatch());
        }
        assertThat(colours(pixels, block, cut - 2, cut + 1)).contains(PALETTE.cut());
      }
    }
  }

  @Test
  void aSubLayerThatIsGoneIsStruckThrough() {
    Locks locks = Locks.NONE.with(SubLayer.attention(3), Hold.handSet(0));
    int[] pixels = paint(Examples.picture(MODEL, 0.4, locks, UnitOrder.BY_INDEX));
    int y = (int) (LAYOUT.rowTop(3) + LAYOUT.rowHeight() / 2);
    int left = (int) Math.ceil(LAYOUT.units(SubLayerKind.ATTENTION).left());
    int right = (int) LAYOUT.units(SubLayerKind.ATTENTION).right();
    assertThat(Arrays.stream(pixels, y * WIDTH + left, y * WIDTH + right).distinct())
        .containsExactly(PALETTE.cut());
  }

  @ParameterizedTest
  @EnumSource
  void theWholeAreaIsPaintedOpaque(UnitOrder order) {
    int[] pixels = paint(Examples.picture(MODEL, 0.4, Examples.someLocks(MODEL), order));
    int rows = (int) LAYOUT.height();
    assertThat(Arrays.stream(pixels, 0, rows * WIDTH).allMatch(p -> p >>> 24 == 0xff)).isTrue();
  }

  @Test
  void byIndexABinIsFilledAsFarAsItsUnitsAreKept() {
    EspalierPicture picture = Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_INDEX);
    int[] pixels = paint(picture);
    SubLayer subLayer = SubLayer.attention(5);
    double cell = LAYOUT.units(SubLayerKind.ATTENTION).width() / 8;
    for (int unit = 0; unit < 8; unit++) {
      double left = LAYOUT.units(SubLayerKind.ATTENTION).left() + unit * cell;
      boolean kept =
          picture.scores().orElseThrow().rank(subLayer, unit) < picture.kept().kept(subLayer);
      Set<Integer> colours = colours(pixels, 5, left, left + cell - 1);
      assertThat(colours.contains(PALETTE.hatch())).isEqualTo(!kept);
    }
  }

  /** Brightness of what print makes of a colour, 0 to 255. */
  private static double grey(int argb) {
    return 0.299 * (argb >> 16 & 0xff) + 0.587 * (argb >> 8 & 0xff) + 0.114 * (argb & 0xff);
  }

  @Test
  void removedUnitsShowTheirLinesInEveryPaletteAndInGrey() {
    EspalierPicture picture = Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_SCORE);
    for (EspalierPalette palette :
        List.of(EspalierPalette.LIGHT, EspalierPalette.DARK, EspalierPalette.HIGH_CONTRAST)) {
      int[] pixels = new int[WIDTH * HEIGHT];
      new EspalierPainter(palette)
          .paint(picture, LAYOUT, new PixelSurface(1, WIDTH, HEIGHT, pixels));
      SubLayer subLayer = SubLayer.feedForward(5);
      double cut = LAYOUT.cut(subLayer, picture.kept().kept(subLayer));
      double right = LAYOUT.units(SubLayerKind.FEED_FORWARD).right();
      assertThat(right - cut).isGreaterThan(20);
      double lines = grey(palette.hatch());
      for (int colour : colours(pixels, 5, cut + 2, right)) {
        if (colour != palette.hatch()) {
          assertThat(Math.abs(grey(colour) - lines)).isGreaterThan(20);
        }
      }
    }
  }

  @Test
  void highContrastMeansIt() {
    EspalierPalette palette = EspalierPalette.HIGH_CONTRAST;
    assertThat(grey(palette.background()) - grey(palette.text())).isGreaterThan(250);
    for (int colour : List.of(palette.hatch(), palette.cut(), palette.bar(), palette.quiet())) {
      assertThat(grey(palette.background()) - grey(colour)).isGreaterThan(170);
    }
  }

  @Test
  void anOverlayDrawsTheOthersCutDashedAndTheDifferenceAsABand() {
    EspalierPicture here = Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_SCORE);
    EspalierPicture there = Examples.picture(MODEL, 0.2, Locks.NONE, UnitOrder.BY_SCORE);
    int[] pixels = paint(with(here, List.of(), Optional.of(new Overlay("other", there.kept()))));
    SubLayer subLayer = SubLayer.feedForward(5);
    double own = LAYOUT.cut(subLayer, here.kept().kept(subLayer));
    double other = LAYOUT.cut(subLayer, there.kept().kept(subLayer));
    assertThat(other - own).isGreaterThan(10);
    assertThat(column(pixels, 5, (int) Math.rint(other))).contains(PALETTE.text());
    assertThat(column(pixels, 5, (int) Math.rint(own))).contains(PALETTE.cut());
    int between = (int) ((own + other) / 2);
    assertThat(column(pixels, 5, between)).doesNotContain(PALETTE.text());
    int band = ColourMap.mix(PALETTE.text(), PALETTE.background(), 0.55);
    assertThat(column(pixels, 5, between)).contains(band);
  }

  @Test
  void unitsPickedByHandAreMarkedWhereTheyStand() {
    SubLayer heads = SubLayer.attention(4);
    Locks locks = Locks.NONE.withPicked(heads, HandPicked.NONE.keeping(2).dropping(5));
    EspalierPicture picture = Examples.picture(MODEL, 0.4, locks, UnitOrder.BY_INDEX);
    int[] pixels = paint(picture);
    double cell = LAYOUT.units(SubLayerKind.ATTENTION).width() / 8;
    double left = LAYOUT.units(SubLayerKind.ATTENTION).left();
    assertThat(column(pixels, 4, (int) (left + 2.5 * cell))).contains(PALETTE.text());
    assertThat(column(pixels, 4, (int) (left + 5.5 * cell))).contains(PALETTE.cut());
    assertThat(column(pixels, 4, (int) (left + 3.5 * cell)))
        .doesNotContain(PALETTE.text(), PALETTE.cut());
  }

  @Test
  void aMethodWithOneScorePerSubLayerGetsNoInventedCells() {
    ImportanceMap whole =
        new ImportanceMap(
            "block influence",
            Collections.nCopies(10, new double[8]),
            Collections.nCopies(10, new double[2048]));
    EspalierPicture scored = Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_SCORE);
    EspalierPicture picture =
        new EspalierPicture(
            MODEL,
            Optional.of(new RankedScores(whole)),
            Allocation.dense(MODEL),
            Locks.NONE,
            UnitOrder.BY_SCORE,
            Normalisation.PER_KIND);
    assertThat(picture.hasUnitScores(SubLayer.attention(3))).isFalse();
    assertThat(scored.hasUnitScores(SubLayer.attention(3))).isTrue();
    double left = LAYOUT.units(SubLayerKind.ATTENTION).left() + 1;
    double right = LAYOUT.units(SubLayerKind.ATTENTION).right() - 3;
    assertThat(colours(paint(picture), 3, left, right)).hasSize(1);
  }

  @Test
  void anEnlargedRowShowsTheSameAtTheTop() {
    EspalierPicture picture = Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_SCORE);
    EspalierLayout enlarged = LAYOUT.enlarged(7, 24);
    int[] pixels = new int[WIDTH * 24];
    new EspalierPainter(PALETTE)
        .paintRow(picture, enlarged, 7, new PixelSurface(1, WIDTH, 24, pixels));
    assertThat(enlarged.rowTop(7)).isZero();
    double cut =
        enlarged.cut(SubLayer.feedForward(7), picture.kept().kept(SubLayer.feedForward(7)));
    assertThat(pixels[12 * WIDTH + (int) Math.rint(cut)]).isEqualTo(PALETTE.cut());
  }

  @Test
  void aColumnDrawsItsLevelsInItsOwnPlace() {
    EspalierLayout layout = new EspalierLayout(MODEL, 1, WIDTH, HEIGHT);
    SubLayerColumn price =
        new SubLayerColumn(
            "price", "", Map.of(SubLayer.feedForward(2), new SubLayerColumn.Cell("0.1", 0.5)));
    EspalierPicture picture =
        with(
            Examples.picture(MODEL, 0.4, Locks.NONE, UnitOrder.BY_SCORE),
            List.of(price),
            Optional.empty());
    int[] pixels = new int[WIDTH * HEIGHT];
    new EspalierPainter(PALETTE).paint(picture, layout, new PixelSurface(1, WIDTH, HEIGHT, pixels));
    int x = (int) layout.column(SubLayerKind.FEED_FORWARD, 0).left() + 3;
    assertThat(column(pixels, 2, x)).contains(PALETTE.quiet());
    assertThat(column(pixels, 3, x)).doesNotContain(PALETTE.quiet());
    assertThat(layout.figure(SubLayerKind.FEED_FORWARD).right()).isLessThanOrEqualTo(x);
  }

  private static EspalierPicture with(
      EspalierPicture picture, List<SubLayerColumn> columns, Optional<Overlay> overlay) {
    return new EspalierPicture(
        picture.model(),
        picture.scores(),
        picture.kept(),
        picture.locks(),
        picture.order(),
        picture.normalisation(),
        columns,
        Map.of(),
        overlay,
        Optional.empty(),
        Optional.empty());
  }

  /** Colours of a row at one place. */
  private static Set<Integer> column(int[] pixels, int block, int x) {
    Set<Integer> colours = new HashSet<>();
    int top = (int) LAYOUT.rowTop(block);
    for (int y = top; y < top + (int) LAYOUT.rowHeight(); y++) {
      colours.add(pixels[y * WIDTH + x]);
    }
    return colours;
  }
}
