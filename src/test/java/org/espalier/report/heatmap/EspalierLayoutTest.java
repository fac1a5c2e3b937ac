package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.allocation.PrunableModel;
import org.espalier.report.heatmap.EspalierLayout.Hit;
import org.espalier.report.heatmap.EspalierLayout.Part;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EspalierLayoutTest {
  private static final PrunableModel MODEL = Examples.model(32, 8, 14_336);
  private static final EspalierLayout LAYOUT = new EspalierLayout(MODEL, 1000, 700);

  private static double middle(int block) {
    return LAYOUT.rowTop(block) + LAYOUT.rowHeight() / 2;
  }

  @ParameterizedTest
  @EnumSource
  void everyPartOfARowAnswers(SubLayerKind kind) {
    SubLayer subLayer = new SubLayer(17, kind);
    assertThat(LAYOUT.hit(LAYOUT.padlock(kind).left() + 5, middle(17)))
        .contains(new Hit(subLayer, Part.PADLOCK));
    assertThat(LAYOUT.hit(LAYOUT.bar(kind).left() + 5, middle(17)))
        .contains(new Hit(subLayer, Part.KEPT));
    assertThat(LAYOUT.hit(LAYOUT.units(kind).left() + 5, middle(17)))
        .contains(new Hit(subLayer, Part.UNITS));
    assertThat(LAYOUT.hit(10, middle(17))).contains(new Hit(SubLayer.attention(17), Part.NUMBER));
  }

  @Test
  void aboveAndBelowTheRowsIsNothing() {
    assertThat(LAYOUT.hit(300, 3)).isEmpty();
    assertThat(LAYOUT.hit(300, LAYOUT.height() + 1)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ATTENTION, 0", "ATTENTION, 3", "ATTENTION, 8", "FEED_FORWARD, 7000"})
  void aCutLineThatIsGrabbedKeepsWhatItKept(SubLayerKind kind, int kept) {
    SubLayer subLayer = new SubLayer(4, kind);
    double x = LAYOUT.cut(subLayer, kept);
    assertThat(LAYOUT.isNearCut(subLayer, kept, x + 4)).isTrue();
    assertThat(LAYOUT.isNearCut(subLayer, kept, x + 9)).isFalse();
    assertThat(LAYOUT.keptAt(subLayer, Part.UNITS, x)).isEqualTo(kept);
  }

  @Test
  void aBarIsDraggedFromNothingToEverything() {
    SubLayer subLayer = SubLayer.attention(4);
    double left = LAYOUT.bar(SubLayerKind.ATTENTION).left();
    double right = LAYOUT.bar(SubLayerKind.ATTENTION).right();
    assertThat(LAYOUT.keptAt(subLayer, Part.KEPT, left - 30)).isZero();
    assertThat(LAYOUT.keptAt(subLayer, Part.KEPT, (left + right) / 2)).isEqualTo(4);
    assertThat(LAYOUT.keptAt(subLayer, Part.KEPT, right + 30)).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({"5, 4, 172", "32, 32, 11008", "80, 8, 28672", "126, 128, 53248", "128, 1, 1"})
  void realShapesFitAndTheirCellsStayVisible(int blocks, int headGroups, int channels) {
    EspalierLayout layout =
        new EspalierLayout(Examples.model(blocks, headGroups, channels), 760, 640);
    assertThat(layout.height()).isLessThanOrEqualTo(640);
    assertThat(layout.rowHeight()).isGreaterThanOrEqualTo(4);
    assertThat(layout.bins(SubLayer.feedForward(0))).isBetween(1, 160);
    double cell = layout.units(SubLayerKind.ATTENTION).width() / layout.bins(SubLayer.attention(0));
    assertThat(cell).isGreaterThanOrEqualTo(5);
    assertThat(layout.figure(SubLayerKind.ATTENTION).right())
        .isLessThan(layout.units(SubLayerKind.ATTENTION).left());
    assertThat(layout.padlock(SubLayerKind.FEED_FORWARD).right()).isLessThan(760);
  }
}
