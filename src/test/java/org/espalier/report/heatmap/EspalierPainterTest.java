package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
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
}
