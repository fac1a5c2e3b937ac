package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;

class SurrogateTest {
  /** Two blocks of 4 head groups that weigh 500,000 each and 100 channels that weigh 20,000. */
  private static final PrunableModel MODEL =
      new PrunableModel(
          List.of(
              new PrunableModel.Block(4, 500_000, 100, 20_000),
              new PrunableModel.Block(4, 500_000, 100, 20_000)),
          8_000_100,
          9_000_000);

  private static final double DENSE = 2;

  /** What removing a share of one sub-layer adds to the loss when the others have lost a share. */
  private interface Truth {
    double change(int place, double removed, double others);
  }

  private static double loss(Truth truth, Allocation allocation, double others) {
    double loss = DENSE;
    List<SubLayer> subLayers = MODEL.subLayers();
    for (int s = 0; s < subLayers.size(); s++) {
      double units = MODEL.units(subLayers.get(s));
      loss += truth.change(s, 1 - allocation.kept(subLayers.get(s)) / units, others);
    }
    return loss;
  }

  private static Sensitivity.Baseline baseline(Truth truth, double share) {
    Allocation even = Allocation.even(MODEL, share);
    double loss = loss(truth, even, share);
    Map<SubLayer, LossCurve> curves = new HashMap<>();
    List<SubLayer> subLayers = MODEL.subLayers();
    for (int s = 0; s < subLayers.size(); s++) {
      int units = MODEL.units(subLayers.get(s));
      int[] kept = {units / 4, units / 2, 3 * units / 4, units};
      double[] losses = new double[kept.length];
      double own = 1 - even.kept(subLayers.get(s)) / (double) units;
      for (int i = 0; i < kept.length; i++) {
        losses[i] =
            loss
                - truth.change(s, own, share)
                + truth.change(s, 1 - kept[i] / (double) units, share);
      }
      curves.put(subLayers.get(s), new LossCurve(kept, losses));
    }
    return new Sensitivity.Baseline(even, loss, curves);
  }

  private static Surrogate surrogate(Truth truth, double... shares) {
    return new Surrogate(
        MODEL,
        new Sensitivity(DENSE, Arrays.stream(shares).mapToObj(s -> baseline(truth, s)).toList()));
  }

  private static final Truth LINEAR = (place, removed, others) -> (place + 1) * 0.1 * removed;
  private static final Truth DEARER_TOGETHER =
      (place, removed, others) -> (place + 1) * 0.1 * removed * (1 + others);

  @Test
  void adds_up_exactly_what_adds_up() {
    Surrogate surrogate = surrogate(LINEAR, 0.25, 0.5);
    Allocation uneven = new Allocation(List.of(2, 4), List.of(90, 40));

    assertThat(surrogate.change(uneven).orElseThrow())
        .isCloseTo(loss(LINEAR, uneven, 0) - DENSE, within(1e-12));
  }

  @Test
  void the_dense_model_changes_nothing() {
    assertThat(surrogate(DEARER_TOGETHER, 0.25, 0.5).change(Allocation.dense(MODEL)))
        .hasValueCloseTo(0.0, within(1e-12));
  }

  @Test
  void follows_what_sub_layers_cost_among_others_that_are_pruned() {
    Surrogate surrogate = surrogate(DEARER_TOGETHER, 0.25, 0.5);
    for (double share : new double[] {0.25, 0.5}) {
      Allocation even = Allocation.even(MODEL, share);
      assertThat(surrogate.change(even).orElseThrow())
          .isCloseTo(loss(DEARER_TOGETHER, even, share) - DENSE, within(1e-12));
    }
  }

  @Test
  void is_silent_where_nothing_was_measured() {
    Surrogate surrogate = surrogate(LINEAR, 0.25, 0.5);

    assertThat(surrogate.change(new Allocation(List.of(0, 4), List.of(100, 100)))).isEmpty();
    assertThat(surrogate.change(Allocation.even(MODEL, 0.75))).isEmpty();
    assertThat(surrogate.change(Allocation.even(MODEL, 0.25).withHidden(48)))
        .as("fewer hidden channels")
        .isEmpty();
    assertThat(
            surrogate.price(
                new Allocation(List.of(1, 4), List.of(100, 100)), SubLayer.attention(0)))
        .isEmpty();
  }

  @Test
  void tells_what_any_cut_of_one_sub_layer_costs() {
    Surrogate surrogate = surrogate(LINEAR, 0.25);
    Allocation even = Allocation.even(MODEL, 0.25);

    SubLayerCost cost = surrogate.cost(even, SubLayer.feedForward(1)).orElseThrow();
    assertThat(cost.at(100)).isCloseTo(0, within(1e-12));
    assertThat(cost.at(75)).isCloseTo(0.4 * 0.25, within(1e-12));
    assertThat(cost.at(24)).as("fewer than were measured").isNaN();
    assertThat(cost.most()).isCloseTo(0.4 * 0.75, within(1e-12));
    assertThat(surrogate.cost(Allocation.even(MODEL, 0.75), SubLayer.feedForward(1))).isEmpty();
  }

  @Test
  void prices_are_for_a_million_parameters() {
    Surrogate surrogate = surrogate(LINEAR, 0.25);
    Allocation even = Allocation.even(MODEL, 0.25);

    assertThat(surrogate.price(even, SubLayer.attention(0)).orElseThrow())
        .isCloseTo(0.1 / 4 / 0.5, within(1e-12));
    assertThat(surrogate.price(even, SubLayer.feedForward(1)).orElseThrow())
        .isCloseTo(0.4 / 100 / 0.02, within(1e-12));
  }
}
