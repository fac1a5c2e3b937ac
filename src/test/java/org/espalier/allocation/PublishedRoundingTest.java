package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official rounding keeps exactly the units that the methods' published code keeps. */
class PublishedRoundingTest {
  private static final PrunableModel MODEL = PublishedScores.model();

  @ParameterizedTest
  @CsvSource({
    "flap-WIFV-AL-AM, 0.2",
    "flap-WIFV-AL-AM, 0.5",
    "flap-WIFN-AL-AM, 0.2",
    "flap-WIFN-AL-AM, 0.5"
  })
  void globalThresholdKeepsThePublishedUnits(String method, String ratio) {
    ImportanceMap importance = PublishedScores.of(method).importance(ratio);
    assertKeepsThePublishedUnits(
        new GlobalThresholdAllocator(MODEL, importance, Rounding.OFFICIAL, SubLayerRemoval.ALLOWED),
        method,
        ratio);
  }

  @ParameterizedTest
  @CsvSource({
    "flap-WIFV-UL-UM, 0.2",
    "flap-WIFV-UL-UM, 0.5",
    "flap-WIFN-UL-UM, 0.2",
    "flap-WIFN-UL-UM, 0.5",
    "wanda_sp, 0.2",
    "wanda_sp, 0.5",
    "mag_sp, 0.2",
    "mag_sp, 0.5"
  })
  void uniformKeepsThePublishedUnits(String method, String ratio) {
    ImportanceMap importance = PublishedScores.of(method).importance(ratio);
    assertKeepsThePublishedUnits(
        new UniformAllocator(MODEL, importance, Rounding.OFFICIAL, SubLayerRemoval.ALLOWED),
        method,
        ratio);
  }

  private static void assertKeepsThePublishedUnits(
      Allocator allocator, String method, String ratio) {
    PublishedScores published = PublishedScores.of(method);
    ImportanceMap importance = published.importance(ratio);
    Target target = new Target(Double.parseDouble(ratio), RatioDefinition.PRUNABLE);
    Allocation allocation = allocator.allocate(target, Locks.NONE);
    for (SubLayer subLayer : MODEL.subLayers()) {
      int[] kept = Ranking.of(importance, subLayer).kept(allocation.kept(subLayer));
      assertThat(mask(kept, MODEL.units(subLayer)))
          .as("%s at %s, %s", method, ratio, subLayer.label())
          .isEqualTo(published.kept(ratio, subLayer));
    }
  }

  private static String mask(int[] kept, int units) {
    StringBuilder mask = new StringBuilder("0".repeat(units));
    for (int unit : kept) {
      mask.setCharAt(unit, '1');
    }
    return mask.toString();
  }
}
