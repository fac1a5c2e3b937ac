package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.espalier.transformer.SubLayer;

class PriceAllocatorTest {
  private static PrunableModel model(int blocks, int groups, long groupWeight, int channels) {
    List<PrunableModel.Block> same =
        IntStream.range(0, blocks)
            .mapToObj(b -> new PrunableModel.Block(groups, groupWeight, channels, 3))
            .toList();
    long parameters = same.stream().mapToLong(PrunableModel.Block::prunableParameters).sum();
    return new PrunableModel(same, parameters, parameters);
  }

  /** Losses of every number of units kept, from none to all, for each sub-layer. */
  private static Sensitivity sensitivity(PrunableModel model, List<double[]> losses) {
    Map<SubLayer, LossCurve> curves = new HashMap<>();
    for (int s = 0; s < losses.size(); s++) {
      curves.put(
          model.subLayers().get(s),
          new LossCurve(IntStream.range(0, losses.get(s).length).toArray(), losses.get(s)));
    }
    return new Sensitivity(
        0, List.of(new Sensitivity.Baseline(Allocation.dense(model), 0, curves)));
  }

  private static List<double[]> random(PrunableModel model, Random random, boolean convex) {
    List<double[]> losses = new ArrayList<>();
    for (SubLayer subLayer : model.subLayers()) {
      int units = model.units(subLayer);
      double scale = Math.exp(random.nextGaussian());
      double power = convex ? 1 + 2 * random.nextDouble() : 0.3 + 2 * random.nextDouble();
      losses.add(
          IntStream.rangeClosed(0, units)
              .mapToDouble(kept -> scale * Math.pow(1 - kept / (double) units, power))
              .toArray());
    }
    return losses;
  }

  private static double loss(PrunableModel model, List<double[]> losses, Allocation allocation) {
    double loss = 0;
    for (int s = 0; s < losses.size(); s++) {
      loss += losses.get(s)[allocation.kept(model.subLayers().get(s))];
    }
    return loss;
  }

  @Example
  void what_costs_less_goes_first() {
    PrunableModel model = model(2, 4, 6, 8);
    List<double[]> losses = new ArrayList<>();
    for (double price : new double[] {4, 1, 2, 3}) {
      int units = losses.size() % 2 == 0 ? 4 : 8;
      losses.add(
          IntStream.rangeClosed(0, units)
              .mapToDouble(kept -> price * (1 - kept / (double) units))
              .toArray());
    }
    // Attention 0 and 1 cost 1/6 and 1/12 for a parameter, feed-forward 0 and 1 cost 1/24 and 1/8.
    Allocation quarter =
        new PriceAllocator(model, sensitivity(model, losses), subLayer -> Bounds.NONE)
            .allocate(new Target(0.25, RatioDefinition.PRUNABLE), Locks.NONE);
    Allocation half =
        new PriceAllocator(model, sensitivity(model, losses), subLayer -> Bounds.NONE)
            .allocate(new Target(0.5, RatioDefinition.PRUNABLE), Locks.NONE);

    assertThat(quarter).isEqualTo(new Allocation(List.of(4, 4), List.of(0, 8)));
    assertThat(half).isEqualTo(new Allocation(List.of(4, 0), List.of(0, 8)));
  }

  @Property(tries = 60)
  void loses_no_more_than_any_allocation_of_that_size_when_curves_are_convex(@ForAll long seed) {
    // All units weigh the same, so that every removed number of units can be met exactly.
    PrunableModel model = model(2, 3, 3, 4);
    Random random = new Random(seed);
    List<double[]> losses = random(model, random, true);
    int removed = 1 + random.nextInt(12);
    Allocation answer =
        new PriceAllocator(model, sensitivity(model, losses), subLayer -> Bounds.NONE)
            .allocate(new Target(removed / 14.0, RatioDefinition.UNIT), Locks.NONE);

    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a <= 3; a++) {
      for (int b = 0; b <= 4; b++) {
        for (int c = 0; c <= 3; c++) {
          int d = 14 - removed - a - b - c;
          if (d >= 0 && d <= 4) {
            Allocation other = new Allocation(List.of(a, c), List.of(b, d));
            least = Math.min(least, loss(model, losses, other));
          }
        }
      }
    }
    assertThat(answer.removedShare(model, RatioDefinition.UNIT))
        .isCloseTo(removed / 14.0, within(1e-12));
    assertThat(loss(model, losses, answer)).isCloseTo(least, within(1e-9));
  }

  @Property(tries = 200)
  void meets_the_target_within_the_largest_free_unit_and_holds_locks(@ForAll long seed) {
    PrunableModel model = model(5, 4, 64, 40);
    Random random = new Random(seed);
    PriceAllocator allocator =
        new PriceAllocator(
            model,
            sensitivity(model, random(model, random, false)),
            subLayer -> new Bounds(1, "one stays"));
    Locks locks =
        Locks.NONE
            .with(SubLayer.attention(1), Hold.locked(2 + random.nextInt(3)))
            .with(SubLayer.feedForward(3), Hold.handSet(20 + random.nextInt(21)));
    Target target =
        new Target(
            0.1 + 0.5 * random.nextDouble(),
            RatioDefinition.values()[random.nextInt(RatioDefinition.values().length)]);

    Allocation allocation = allocator.allocate(target, locks);

    locks
        .holds()
        .forEach((held, hold) -> assertThat(allocation.kept(held)).isEqualTo(hold.keptUnits()));
    assertThat(model.subLayers())
        .allSatisfy(subLayer -> assertThat(allocation.kept(subLayer)).isPositive());
    double largest = target.of() == RatioDefinition.UNIT ? 1 : 64;
    assertThat(allocation.removedShare(model, target.of()))
        .isCloseTo(target.ratio(), within(largest / target.of().reference(model) + 1e-12));
  }

  @Example
  void says_so_when_less_was_measured_than_the_target_needs() {
    PrunableModel model = model(1, 4, 6, 8);
    Map<SubLayer, LossCurve> curves =
        Map.of(
            SubLayer.attention(0), new LossCurve(new int[] {2, 4}, new double[] {1, 0}),
            SubLayer.feedForward(0), new LossCurve(new int[] {4, 8}, new double[] {1, 0}));
    PriceAllocator allocator =
        new PriceAllocator(
            model,
            new Sensitivity(
                0, List.of(new Sensitivity.Baseline(Allocation.dense(model), 0, curves))),
            subLayer -> Bounds.NONE);

    assertThatThrownBy(
            () -> allocator.allocate(new Target(0.8, RatioDefinition.PRUNABLE), Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("as far as was measured");
  }
}
