package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LossCurveTest {
  private static final LossCurve CURVE =
      new LossCurve(new int[] {1, 2, 5, 10}, new double[] {4, 2, 1, 0.9});

  @Test
  void goes_through_the_measured_points() {
    assertThat(CURVE.loss(1)).isEqualTo(4);
    assertThat(CURVE.loss(2)).isEqualTo(2);
    assertThat(CURVE.loss(5)).isEqualTo(1);
    assertThat(CURVE.loss(10)).isEqualTo(0.9);
  }

  @Test
  void is_a_straight_line_where_the_points_are() {
    LossCurve line = new LossCurve(new int[] {0, 3, 8}, new double[] {16, 10, 0});

    assertThat(line.loss(1)).isCloseTo(14, within(1e-12));
    assertThat(line.loss(6)).isCloseTo(4, within(1e-12));
  }

  @Test
  void says_nothing_outside_the_measured_points() {
    assertThat(CURVE.covers(0)).isFalse();
    assertThat(CURVE.covers(11)).isFalse();
    assertThatThrownBy(() -> CURVE.loss(0.5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void never_leaves_the_range_of_its_neighbouring_points(
      @ForAll @Size(4) List<@DoubleRange(min = -5, max = 5) Double> points,
      @ForAll @DoubleRange(min = 0, max = 12) double units) {
    int[] kept = {0, 1, 5, 12};
    double[] losses = points.stream().mapToDouble(Double::doubleValue).toArray();
    LossCurve curve = new LossCurve(kept, losses);
    int segment = units < 1 ? 0 : units < 5 ? 1 : 2;

    assertThat(curve.loss(units))
        .isBetween(
            Math.min(losses[segment], losses[segment + 1]) - 1e-9,
            Math.max(losses[segment], losses[segment + 1]) + 1e-9);
  }
}
