package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColourMapTest {
  /** CIE L* of an sRGB colour. */
  private static double lightness(int argb) {
    double luminance =
        0.2126 * linear(argb >> 16 & 0xff)
            + 0.7152 * linear(argb >> 8 & 0xff)
            + 0.0722 * linear(argb & 0xff);
    return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  @ParameterizedTest
  @EnumSource
  void lightnessRisesEvenlySoThatItReadsInGrey(ColourMap map) {
    double low = lightness(map.colour(0));
    double high = lightness(map.colour(1));
    assertThat(high - low).isGreaterThan(70);
    for (int i = 1; i <= 64; i++) {
      assertThat(lightness(map.colour(i / 64.0)))
          .isGreaterThan(lightness(map.colour((i - 1) / 64.0)))
          .isCloseTo(low + (high - low) * i / 64, within(3.5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyColourIsOpaqueAndPositionsBeyondTheEndsAreClamped(ColourMap map) {
    for (int i = -10; i <= 110; i++) {
      assertThat(map.colour(i / 100.0) >>> 24).isEqualTo(0xff);
    }
    assertThat(map.colour(-1)).isEqualTo(map.colour(0));
    assertThat(map.colour(7)).isEqualTo(map.colour(1));
  }
}
