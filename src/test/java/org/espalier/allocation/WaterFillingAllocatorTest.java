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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** What filling by worth promises for any model, worths, locks and target. */
class WaterFillingAllocatorTest {
  private static final WaterFillingAllocator.Settings OPEN =
      new WaterFillingAllocator.Settings(1, 1, 0, 0, 0.5, WaterFillingAllocator.Split.JOINT);
  private static final WaterFillingAllocator.Settings PROTECTED =
      new WaterFillingAllocator.Settings(1, 1, 2, 1, 0.5, WaterFillingAllocator.Split.JOINT);

  /** A model with worths and locks. */
  record Case(
      PrunableModel model,
      SubLayerScores scores,
      Locks locks,
      SubLayerRemoval removal,
      WaterFillingAllocator.Settings settings) {
    WaterFillingAllocator allocator() {
      return new WaterFillingAllocator(model, scores, settings, removal);
    }

    private boolean isFree(SubLayer subLayer) {
      return locks.of(subLayer).isEmpty() && model.units(subLayer) > 0;
    }

    double largestUnit(RatioDefinition definition) {
      return model.subLayers().stream()
          .filter(subLayer -> model.units(subLayer) > 0)
          .mapToLong(subLayer -> definition.unitWeight(model, subLayer))
          .max()
          .orElse(0);
    }
  }

  private static SubLayerScores scores(PrunableModel model, double... worths) {
    Map<SubLayer, SubLayerScore> scores = new HashMap<>();
    List<SubLayer> subLayers = model.subLayers();
    for (int s = 0; s < worths.length; s++) {
      if (model.units(subLayers.get(s)) > 0) {
        scores.put(subLayers.get(s), new SubLayerScore(0, 0, 0, worths[s]));
      }
    }
    return new SubLayerScores("test", "T", scores);
  }

  /** Blocks of 8 head groups that weigh 64 each and 344 channels that weigh 3. */
  private static PrunableModel model(int blocks) {
    List<PrunableModel.Block> same =
        IntStream.range(0, blocks).mapToObj(b -> new PrunableModel.Block(8, 64, 344, 3)).toList();
    long parameters = same.stream().mapToLong(PrunableModel.Block::prunableParameters).sum();
    return new PrunableModel(same, parameters + 10, parameters + 1000);
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 7),
            Arbitraries.longs(),
            Arbitraries.of(0.0, 0.3, 1.0),
            Arbitraries.of(SubLayerRemoval.class),
            Arbitraries.of(
                OPEN,
                PROTECTED,
                new WaterFillingAllocator.Settings(
                    0.01, 0.7, 1, 1, 0, WaterFillingAllocator.Split.JOINT)))
        .as(WaterFillingAllocatorTest::randomCase);
  }

  private static Case randomCase(
      int blocks,
      long seed,
      double lockedShare,
      SubLayerRemoval removal,
      WaterFillingAllocator.Settings settings) {
    Random random = new Random(seed);
    List<PrunableModel.Block> shapes = new ArrayList<>();
    Map<SubLayer, Hold> holds = new HashMap<>();
    for (int b = 0; b < blocks; b++) {
      int headGroups = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(9);
      int channels = random.nextInt(8) == 0 && b > 0 ? 0 : 1 + random.nextInt(60);
      shapes.add(new PrunableModel.Block(headGroups, 40, channels, 3));
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (random.nextDouble() < lockedShare) {
          int units = kind == SubLayerKind.ATTENTION ? headGroups : channels;
          holds.put(new SubLayer(b, kind), Hold.locked(random.nextInt(units + 1)));
        }
      }
    }
    long prunable = shapes.stream().mapToLong(PrunableModel.Block::prunableParameters).sum();
    PrunableModel model = new PrunableModel(shapes, prunable + 20, prunable + 500);
    double[] worths = random.doubles(2L * blocks, -3, 3).toArray();
    return new Case(model, scores(model, worths), new Locks(holds), removal, settings);
  }

  @Provide
  Arbitrary<Target> targets() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1), Arbitraries.of(RatioDefinition.class))
        .as(Target::new);
  }

  @Property(tries = 2000)
  void hits_the_target_within_the_largest_unit_or_says_why_not(
      @ForAll("cases") Case any, @ForAll("targets") Target target) {
    RatioDefinition of = target.of();
    double unit = any.largestUnit(of) / of.reference(any.model());
    try {
      Allocation allocation = any.allocator().allocate(target, any.locks());
      assertThat(allocation.removedShare(any.model(), of))
          .isCloseTo(target.ratio(), within(unit + 1e-12));
    } catch (InfeasibleTargetException e) {
      assertThat(e).hasMessageContaining("nearest feasible target");
      Allocation allocation = any.allocator().allocate(e.nearestFeasible(), any.locks());
      assertThat(allocation.removedShare(any.model(), of))
          .isCloseTo(e.nearestFeasible().ratio(), within(unit + 1e-12));
    }
  }

  @Property(tries = 2000)
  void keeps_locks_and_caps(@ForAll("cases") Case any, @ForAll("targets") Target target) {
    Allocation allocation;
    try {
      allocation = any.allocator().allocate(target, any.locks());
    } catch (InfeasibleTargetException e) {
      return;
    }
    int blocks = any.model().blocks().size();
    for (SubLayer subLayer : any.model().subLayers()) {
      int units = any.model().units(subLayer);
      int kept = allocation.kept(subLayer);
      any.locks().of(subLayer).ifPresent(hold -> assertThat(kept).isEqualTo(hold.keptUnits()));
      if (any.isFree(subLayer)) {
        boolean isProtected =
            subLayer.block() < any.settings().firstProtected()
                || subLayer.block() >= blocks - any.settings().lastProtected();
        double cap =
            isProtected
                ? Math.min(any.settings().highest(), any.settings().protectedHighest())
                : any.settings().highest();
        assertThat(units - kept).isLessThanOrEqualTo((int) (cap * units + 1e-9));
        if (any.removal() == SubLayerRemoval.FORBIDDEN) {
          assertThat(kept).isPositive();
        }
      }
    }
  }

  @Property(tries = 1000)
  void the_shares_meet_the_target_unless_caps_are_in_the_way(
      @ForAll("cases") Case any, @ForAll("targets") Target target) {
    Case free = new Case(any.model(), any.scores(), Locks.NONE, SubLayerRemoval.ALLOWED, OPEN);
    try {
      Map<SubLayer, Double> ratios = free.allocator().ratios(target, Locks.NONE);
      double removed = 0;
      for (Map.Entry<SubLayer, Double> entry : ratios.entrySet()) {
        removed +=
            entry.getValue()
                * any.model().units(entry.getKey())
                * target.of().unitWeight(any.model(), entry.getKey());
      }
      double most =
          any.model().subLayers().stream()
              .mapToDouble(
                  s -> (double) any.model().units(s) * target.of().unitWeight(any.model(), s))
              .sum();
      double wanted = Math.min(most, target.ratio() * target.of().reference(any.model()));
      assertThat(removed).isCloseTo(wanted, within(1e-9 * most));
    } catch (InfeasibleTargetException e) {
      return;
    }
  }

  @Property(tries = 1000)
  void what_is_worth_more_never_loses_a_larger_share(
      @ForAll("cases") Case any, @ForAll("targets") Target target) {
    Case free = new Case(any.model(), any.scores(), Locks.NONE, SubLayerRemoval.ALLOWED, OPEN);
    Map<SubLayer, Double> ratios;
    try {
      ratios = free.allocator().ratios(target, Locks.NONE);
    } catch (InfeasibleTargetException e) {
      return;
    }
    for (SubLayer one : ratios.keySet()) {
      for (SubLayer other : ratios.keySet()) {
        if (worth(any, one) > worth(any, other)) {
          assertThat(ratios.get(one)).isLessThanOrEqualTo(ratios.get(other));
        }
      }
    }
  }

  private static double worth(Case any, SubLayer subLayer) {
    return any.scores().of(subLayer).orElseThrow().worth();
  }

  @Example
  void equal_worths_lose_equal_shares() {
    PrunableModel model = model(4);
    WaterFillingAllocator allocator =
        new WaterFillingAllocator(
            model, scores(model, new double[8]), PROTECTED, SubLayerRemoval.ALLOWED);

    assertThat(allocator.ratios(new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE).values())
        .hasSize(8)
        .allSatisfy(ratio -> assertThat(ratio).isCloseTo(0.3, within(1e-12)));
  }

  @Example
  void with_less_than_one_unit_left_the_whole_sub_layer_goes() {
    PrunableModel model = model(4);
    WaterFillingAllocator allocator =
        new WaterFillingAllocator(
            model, scores(model, 0, 0, 0, 0, -1.25, 0, 0, 0), OPEN, SubLayerRemoval.ALLOWED);
    Target target = new Target(0.305, RatioDefinition.PRUNABLE);

    double share = allocator.ratios(target, Locks.NONE).get(SubLayer.attention(2));
    Allocation allocation = allocator.allocate(target, Locks.NONE);

    assertThat(share).isBetween(0.875, 0.95);
    assertThat(allocation.keptHeadGroups().get(2)).isZero();
    assertThat(allocation.removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.305, within(3.0 / model.prunableParameters()));
  }

  @Example
  void a_target_beyond_the_caps_is_refused_with_the_reason() {
    PrunableModel model = model(3);
    WaterFillingAllocator allocator =
        new WaterFillingAllocator(
            model, scores(model, new double[6]), PROTECTED, SubLayerRemoval.ALLOWED);

    assertThatThrownBy(
            () -> allocator.allocate(new Target(0.6, RatioDefinition.PRUNABLE), Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("protected")
        .hasMessageContaining("The nearest feasible target is 50 %");
  }

  @Example
  void a_large_model_is_answered_within_a_frame() {
    List<PrunableModel.Block> blocks =
        IntStream.range(0, 80)
            .mapToObj(b -> new PrunableModel.Block(8, 18L * 8192 * 128, 28672, 3L * 8192))
            .toList();
    long parameters = blocks.stream().mapToLong(PrunableModel.Block::prunableParameters).sum();
    PrunableModel model = new PrunableModel(blocks, parameters, parameters);
    WaterFillingAllocator allocator =
        new WaterFillingAllocator(
            model,
            scores(model, new Random(1).doubles(160, -2, 2).toArray()),
            PROTECTED,
            SubLayerRemoval.ALLOWED);
    long best = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 20; attempt++) {
      long started = System.nanoTime();
      allocator.allocate(new Target(0.2 + 0.01 * attempt, RatioDefinition.PRUNABLE), Locks.NONE);
      best = Math.min(best, System.nanoTime() - started);
    }

    assertThat(best).isLessThan(100_000_000L);
  }
}
