package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** What every allocator promises for any model, scores, locks and target. */
class AllocationPropertiesTest {
  /** How a case allocates. */
  enum Kind {
    GLOBAL,
    UNIFORM,
    FIXED_HEADS_UNIFORM,
    FIXED_HEADS_GLOBAL
  }

  /** A model with scores and locks, and an allocator over them. */
  record Case(
      PrunableModel model,
      ImportanceMap importance,
      Locks locks,
      SubLayerRemoval removal,
      Kind kind) {
    Allocator allocator(Rounding rounding) {
      return switch (kind) {
        case GLOBAL -> new GlobalThresholdAllocator(model, importance, rounding, removal);
        case UNIFORM -> new UniformAllocator(model, importance, rounding, removal);
        case FIXED_HEADS_UNIFORM ->
            new FixedHeadsAllocator(
                model, importance, Competition.UNIFORM, headGroups(), rounding, removal);
        case FIXED_HEADS_GLOBAL ->
            new FixedHeadsAllocator(
                model, importance, Competition.GLOBAL, headGroups(), rounding, removal);
      };
    }

    /** A third of the head groups that may go. */
    private int headGroups() {
      return model.blocks().stream().mapToInt(b -> removal.removable(b.headGroups())).sum() / 3;
    }

    long largestUnlockedUnit(RatioDefinition definition) {
      return model.subLayers().stream()
          .filter(s -> locks.of(s).isEmpty() && removal.removable(model.units(s)) > 0)
          .mapToLong(s -> definition.unitWeight(model, s))
          .max()
          .orElseGet(
              () ->
                  model.subLayers().stream()
                      .filter(s -> model.units(s) > 0)
                      .mapToLong(s -> definition.unitWeight(model, s))
                      .max()
                      .orElse(0));
    }

    double largestReachableShare(RatioDefinition definition) {
      long weight = 0;
      for (SubLayer s : model.subLayers()) {
        int units = model.units(s);
        int removed = locks.of(s).map(h -> units - h.keptUnits()).orElse(removal.removable(units));
        weight += removed * definition.unitWeight(model, s);
      }
      return (double) weight / definition.reference(model);
    }

    double smallestReachableShare(RatioDefinition definition) {
      long weight = 0;
      for (SubLayer s : model.subLayers()) {
        int units = model.units(s);
        weight +=
            locks.of(s).map(h -> units - h.keptUnits()).orElse(0) * definition.unitWeight(model, s);
      }
      return (double) weight / definition.reference(model);
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Integer> blocks = Arbitraries.integers().between(1, 7);
    Arbitrary<Long> seeds = Arbitraries.longs();
    Arbitrary<Double> lockedShare = Arbitraries.of(0.0, 0.2, 0.6, 1.0);
    Arbitrary<Boolean> coarseScores = Arbitraries.of(true, false);
    return Combinators.combine(
            blocks,
            seeds,
            lockedShare,
            coarseScores,
            Arbitraries.of(SubLayerRemoval.class),
            Arbitraries.of(Kind.class))
        .as(AllocationPropertiesTest::randomCase);
  }

  private static Case randomCase(
      int blocks,
      long seed,
      double lockedShare,
      boolean coarseScores,
      SubLayerRemoval removal,
      Kind kind) {
    Random random = new Random(seed);
    List<PrunableModel.Block> shapes = new ArrayList<>();
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    Map<SubLayer, Hold> holds = new HashMap<>();
    int hidden = 1 + random.nextInt(20);
    long headGroup = (4 + 2L * random.nextInt(4)) * hidden * (1 + random.nextInt(8));
    for (int b = 0; b < blocks; b++) {
      // Some blocks have lost a sub-layer before.
      int headGroups = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(9);
      int channels = random.nextInt(8) == 0 && b > 0 ? 0 : 1 + random.nextInt(60);
      shapes.add(new PrunableModel.Block(headGroups, headGroup, channels, 3L * hidden));
      attention.add(scores(random, headGroups, coarseScores));
      feedForward.add(scores(random, channels, coarseScores));
      if (random.nextDouble() < lockedShare) {
        holds.put(SubLayer.attention(b), Hold.locked(random.nextInt(headGroups + 1)));
      }
      if (random.nextDouble() < lockedShare) {
        holds.put(SubLayer.feedForward(b), Hold.handSet(random.nextInt(channels + 1)));
      }
    }
    long prunable = shapes.stream().mapToLong(PrunableModel.Block::prunableParameters).sum();
    long layers = prunable + 2L * hidden * blocks;
    PrunableModel model = new PrunableModel(shapes, layers, layers + 100L * hidden);
    return new Case(
        model, new ImportanceMap("test", attention, feedForward), new Locks(holds), removal, kind);
  }

  private static double[] scores(Random random, int count, boolean coarse) {
    return random
        .doubles(count, -2, 8)
        .map(score -> coarse ? Math.rint(score / 3) * 3 : score)
        .toArray();
  }

  @Provide
  Arbitrary<Target> targets() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1), Arbitraries.of(RatioDefinition.class))
        .as(Target::new);
  }

  @Property(tries = 3000)
  void hitsTheTargetWithinTheLargestUnlockedUnitOrSaysWhyNot(
      @ForAll("cases") Case any, @ForAll("targets") Target target) {
    RatioDefinition of = target.of();
    double unit = (double) any.largestUnlockedUnit(of) / of.reference(any.model());
    try {
      Allocation allocation = any.allocator(Rounding.CORRECTED).allocate(target, any.locks());
      assertThat(allocation.removedShare(any.model(), of))
          .isCloseTo(target.ratio(), within(unit + 1e-12));
    } catch (InfeasibleTargetException e) {
      if (any.kind() == Kind.GLOBAL || any.kind() == Kind.UNIFORM) {
        boolean tooMuch = target.ratio() > any.largestReachableShare(of);
        boolean tooLittle = target.ratio() < any.smallestReachableShare(of);
        assertThat(tooMuch || tooLittle).isTrue();
      }
      assertThat(e).hasMessageContaining("nearest feasible target").hasMessageContaining(" % ");
      Target nearest = e.nearestFeasible();
      assertThat(nearest.of()).isEqualTo(of);
      Allocation allocation = any.allocator(Rounding.CORRECTED).allocate(nearest, any.locks());
      assertThat(allocation.removedShare(any.model(), of))
          .isCloseTo(nearest.ratio(), within(unit + 1e-12));
    }
  }

  @Property(tries = 2000)
  void heldSubLayersStayExactlyAsTheyAreAndOthersKeepTheirMinimum(
      @ForAll("cases") Case any, @ForAll("targets") Target target, @ForAll Rounding rounding) {
    Allocation allocation;
    try {
      allocation = any.allocator(rounding).allocate(target, any.locks());
    } catch (InfeasibleTargetException e) {
      return;
    }
    for (SubLayer subLayer : any.model().subLayers()) {
      int kept = allocation.kept(subLayer);
      int units = any.model().units(subLayer);
      any.locks()
          .of(subLayer)
          .ifPresentOrElse(
              hold -> assertThat(kept).isEqualTo(hold.keptUnits()),
              () -> assertThat(kept).isBetween(units - any.removal().removable(units), units));
    }
  }

  @Property(tries = 2000)
  void moreRemovedNeverKeepsMoreAnywhere(
      @ForAll("cases") Case any, @ForAll("targets") Target first, @ForAll("targets") Target other) {
    Target less = new Target(Math.min(first.ratio(), other.ratio()), first.of());
    Target more = new Target(Math.max(first.ratio(), other.ratio()), first.of());
    Allocator allocator = any.allocator(Rounding.CORRECTED);
    try {
      Allocation some = allocator.allocate(less, any.locks());
      Allocation many = allocator.allocate(more, any.locks());
      for (SubLayer subLayer : any.model().subLayers()) {
        assertThat(many.kept(subLayer)).isLessThanOrEqualTo(some.kept(subLayer));
      }
    } catch (InfeasibleTargetException e) {
      return;
    }
  }

  @Property(tries = 1000)
  void uniformAllocationIsWithinOneUnitOfItsShareEverywhere(
      @ForAll("cases") Case any, @ForAll("targets") Target target) {
    Case uniform =
        new Case(any.model(), any.importance(), Locks.NONE, SubLayerRemoval.ALLOWED, Kind.UNIFORM);
    Allocation allocation;
    try {
      allocation = uniform.allocator(Rounding.CORRECTED).allocate(target, Locks.NONE);
    } catch (InfeasibleTargetException e) {
      return;
    }
    double highestFloor = 0;
    double lowestCeiling = 1;
    for (SubLayer subLayer : any.model().subLayers()) {
      int units = any.model().units(subLayer);
      if (units > 0) {
        int removed = units - allocation.kept(subLayer);
        highestFloor = Math.max(highestFloor, (removed - 1.0) / units);
        lowestCeiling = Math.min(lowestCeiling, (removed + 1.0) / units);
      }
    }
    // One share exists from which no sub-layer is further than one unit.
    assertThat(highestFloor).isLessThanOrEqualTo(lowestCeiling + 1e-12);
  }

  @Property(tries = 500)
  void theSameWishGetsTheSameAnswer(@ForAll("cases") Case any, @ForAll("targets") Target target) {
    try {
      Allocation once = any.allocator(Rounding.CORRECTED).allocate(target, any.locks());
      Allocation again = any.allocator(Rounding.CORRECTED).allocate(target, any.locks());
      assertThat(again).isEqualTo(once);
    } catch (InfeasibleTargetException e) {
      return;
    }
  }

  @Property(tries = 1000)
  void withoutTiesTheLowestScoresGo(@ForAll("cases") Case any, @ForAll("targets") Target target) {
    Case global = new Case(any.model(), distinct(any), any.locks(), any.removal(), Kind.GLOBAL);
    Allocation allocation;
    try {
      allocation = global.allocator(Rounding.CORRECTED).allocate(target, any.locks());
    } catch (InfeasibleTargetException e) {
      return;
    }
    double lowestKept = Double.POSITIVE_INFINITY;
    double highestRemoved = Double.NEGATIVE_INFINITY;
    for (SubLayer subLayer : any.model().subLayers()) {
      if (any.locks().of(subLayer).isPresent()) {
        continue;
      }
      double[] scores = global.importance().scores(subLayer);
      Ranking ranking = Ranking.of(scores);
      int units = any.model().units(subLayer);
      int kept = allocation.kept(subLayer);
      if (kept > units - any.removal().removable(units)) {
        lowestKept = Math.min(lowestKept, scores[ranking.unitAt(kept - 1)]);
      }
      if (kept < units) {
        highestRemoved = Math.max(highestRemoved, scores[ranking.unitAt(kept)]);
      }
    }
    assertThat(highestRemoved).isLessThan(lowestKept);
  }

  private static ImportanceMap distinct(Case any) {
    Random random = new Random(1);
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    for (SubLayer subLayer : any.model().subLayers()) {
      double[] scores = random.doubles(any.model().units(subLayer)).toArray();
      (subLayer.kind() == SubLayerKind.ATTENTION ? attention : feedForward).add(scores);
    }
    return new ImportanceMap("distinct", attention, feedForward);
  }
}
