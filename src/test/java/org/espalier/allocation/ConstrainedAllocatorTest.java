package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;

/** What answers promise where a target allows only some widths, whatever the allocator. */
class ConstrainedAllocatorTest {
  private static final int BLOCKS = 6;
  private static final int HEAD_GROUPS = 8;
  private static final int CHANNELS = 512;

  private static final WidthConstraint EQUAL = equal(Set.of(), 1);

  private enum Kind {
    GLOBAL,
    UNIFORM
  }

  private static WidthConstraint equal(Set<Integer> headGroups, int multiple) {
    return new WidthConstraint("The target test", true, true, headGroups, multiple, true, true);
  }

  @Provide
  Arbitrary<WidthConstraint> constraints() {
    Arbitrary<Set<Integer>> headGroups =
        Arbitraries.of(List.of(Set.of(), Set.of(2, 4, 6, 8), Set.of(4, 8)));
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            headGroups,
            Arbitraries.of(1, 32, 64),
            Arbitraries.of(true, false))
        .as(
            (equalHeads, equalChannels, groups, multiple, keeps) ->
                new WidthConstraint(
                    "The target test",
                    equalHeads || equalChannels,
                    equalChannels,
                    groups,
                    multiple,
                    true,
                    keeps || equalChannels));
  }

  @Property(tries = 300)
  void answers_are_allowed_and_near_the_target(
      @ForAll("constraints") WidthConstraint constraint, @ForAll long seed) {
    Random random = new Random(seed);
    PrunableModel model = model();
    double ratio = 0.05 + 0.6 * random.nextDouble();
    Target target = new Target(ratio, RatioDefinition.PRUNABLE);
    for (Kind kind : Kind.values()) {
      for (SubLayerRemoval removal : SubLayerRemoval.values()) {
        Allocator allocator =
            new ConstrainedAllocator(model, allocator(kind, model, random, removal), constraint);

        Allocation answer;
        try {
          answer = allocator.allocate(target, Locks.NONE);
        } catch (InfeasibleTargetException e) {
          assertThat(e).hasMessageStartingWith("The target test takes ");
          assertThat(constraint.equalHeadGroups()).as("only equal widths are coarse").isTrue();
          continue;
        }

        assertThat(constraint.refusal(model, answer)).isEmpty();
        int multiple = constraint.channelMultiple();
        double steps =
            Math.max(4 * 64 * 2.0, multiple * 3.0 * (constraint.equalChannels() ? BLOCKS : 1));
        assertThat(answer.removedShare(model, target.of()))
            .isCloseTo(ratio, within(steps / model.prunableParameters() + 1e-9));
      }
    }
  }

  @Property(tries = 50)
  void holds_stay_and_the_rest_goes_around_them(@ForAll long seed) {
    Random random = new Random(seed);
    PrunableModel model = model();
    WidthConstraint constraint =
        new WidthConstraint("The target test", true, false, Set.of(), 32, true, false);
    Locks locks =
        Locks.NONE
            .with(SubLayer.attention(2), Hold.locked(6))
            .with(SubLayer.feedForward(1), Hold.handSet(256));
    Allocator allocator =
        new ConstrainedAllocator(
            model, allocator(Kind.GLOBAL, model, random, SubLayerRemoval.FORBIDDEN), constraint);

    Allocation answer = allocator.allocate(new Target(0.3, RatioDefinition.PRUNABLE), locks);

    assertThat(answer.keptHeadGroups()).containsOnly(6);
    assertThat(answer.keptChannels().get(1)).isEqualTo(256);
    assertThat(answer.keptChannels()).allMatch(kept -> kept % 32 == 0);
  }

  @Example
  void what_is_allowed_anyway_is_the_free_answer() {
    PrunableModel model = model();
    Allocator free = allocator(Kind.UNIFORM, model, new Random(1), SubLayerRemoval.FORBIDDEN);
    Target target = new Target(0.25, RatioDefinition.PRUNABLE);

    assertThat(new ConstrainedAllocator(model, free, EQUAL).allocate(target, Locks.NONE))
        .isEqualTo(free.allocate(target, Locks.NONE));
  }

  @Example
  void equal_widths_lie_near_the_free_answers_share_of_attention() {
    PrunableModel model = model();
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      // Heads matter a lot more than channels.
      attention.add(new Random(block).doubles(HEAD_GROUPS, 100, 200).toArray());
      feedForward.add(new Random(block).doubles(CHANNELS, 0, 10).toArray());
    }
    Allocator free =
        new GlobalThresholdAllocator(
            model,
            new ImportanceMap("test", attention, feedForward),
            Rounding.CORRECTED,
            SubLayerRemoval.FORBIDDEN);

    Allocation answer =
        new ConstrainedAllocator(model, free, EQUAL)
            .allocate(new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE);

    assertThat(new HashSet<>(answer.keptHeadGroups())).containsExactly(HEAD_GROUPS);
    assertThat(new HashSet<>(answer.keptChannels())).hasSize(1);
  }

  @Example
  void coarse_channels_take_that_number_of_heads_beside_the_free_one_that_comes_nearer() {
    PrunableModel model = model();
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    Allocator free = allocator(Kind.UNIFORM, model, new Random(1), SubLayerRemoval.FORBIDDEN);
    double mean =
        free.allocate(target, Locks.NONE).keptHeadGroups().stream()
            .mapToInt(Integer::intValue)
            .average()
            .orElseThrow();
    double nearest = 1;
    for (int headGroups = (int) Math.ceil(mean - 1); headGroups <= mean + 1; headGroups++) {
      for (int channels = 128; channels <= CHANNELS; channels += 128) {
        Allocation every =
            new Allocation(
                Collections.nCopies(BLOCKS, headGroups), Collections.nCopies(BLOCKS, channels));
        nearest =
            Math.min(nearest, Math.abs(0.3 - every.removedShare(model, RatioDefinition.PRUNABLE)));
      }
    }

    Allocation answer =
        new ConstrainedAllocator(model, free, equal(Set.of(), 128)).allocate(target, Locks.NONE);

    assertThat(Math.abs(0.3 - answer.removedShare(model, RatioDefinition.PRUNABLE)))
        .isLessThanOrEqualTo(Math.max(0.01, nearest) + 1e-12);
    assertThat(answer.keptHeadGroups())
        .allSatisfy(kept -> assertThat((double) kept).isCloseTo(mean, within(1.0)));
  }

  @Example
  void a_target_that_coarse_steps_miss_is_told_with_what_was_reached() {
    PrunableModel model = model();
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    Allocator free = allocator(Kind.UNIFORM, model, new Random(1), SubLayerRemoval.FORBIDDEN);
    Allocator fine = new ConstrainedAllocator(model, free, equal(Set.of(), 1));
    Allocator coarse = new ConstrainedAllocator(model, free, equal(Set.of(), CHANNELS / 2));

    assertThat(fine.remark(target, fine.allocate(target, Locks.NONE))).isEmpty();

    Allocation missed = coarse.allocate(target, Locks.NONE);
    double removed = missed.removedShare(model, RatioDefinition.PRUNABLE);
    assertThat(Math.abs(removed - 0.3)).isGreaterThan(0.01);
    assertThat(coarse.remark(target, missed).orElseThrow())
        .contains("multiples of " + CHANNELS / 2, "removing 30 %", Demand.percent(removed));
  }

  @Example
  void a_hold_that_is_not_taken_is_told() {
    PrunableModel model = model();
    Allocator allocator =
        new ConstrainedAllocator(
            model,
            allocator(Kind.GLOBAL, model, new Random(1), SubLayerRemoval.FORBIDDEN),
            new WidthConstraint("The target test", false, false, Set.of(), 32, true, false));
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);

    assertThatThrownBy(
            () ->
                allocator.allocate(
                    target, new Locks(Map.of(SubLayer.feedForward(3), Hold.locked(100)))))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("a multiple of 32 channels")
        .hasMessageContaining("keep 100");
    assertThatThrownBy(
            () ->
                allocator.allocate(
                    target, new Locks(Map.of(SubLayer.attention(0), Hold.locked(0)))))
        .hasMessageContaining("at least one unit");
  }

  @Example
  void different_holds_where_one_width_is_taken_are_told() {
    PrunableModel model = model();
    Allocator allocator =
        new ConstrainedAllocator(
            model, allocator(Kind.GLOBAL, model, new Random(1), SubLayerRemoval.FORBIDDEN), EQUAL);
    Locks locks =
        Locks.NONE
            .with(SubLayer.attention(1), Hold.locked(4))
            .with(SubLayer.attention(3), Hold.locked(6));

    assertThatThrownBy(() -> allocator.allocate(new Target(0.3, RatioDefinition.PRUNABLE), locks))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("one number of head groups in all blocks")
        .hasMessageContaining("4 and 6");
  }

  @Example
  void blocks_stay_where_their_compensation_would_be_left() {
    PrunableModel model = model();
    SubLayerScores scores =
        new SubLayerScores(
            "test",
            "T",
            model.subLayers().stream()
                .collect(
                    Collectors.toMap(
                        subLayer -> subLayer,
                        subLayer ->
                            new SubLayerScore(Math.abs(subLayer.block() - 2), 0.1, 0.1, 1))));
    Allocator depth = new DepthAllocator(model, scores, BlockOrder.LOWEST_SCORE);
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    WidthConstraint keeping =
        new WidthConstraint("The target test", true, true, Set.of(), 1, 1, true, true, true);

    assertThat(new ConstrainedAllocator(model, depth, EQUAL).allocate(target, Locks.NONE))
        .isEqualTo(depth.allocate(target, Locks.NONE));
    assertThatThrownBy(
            () -> new ConstrainedAllocator(model, depth, keeping).allocate(target, Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("compensation of a removed block")
        .hasMessageContaining("is to lose everything")
        .hasMessageEndingWith("switch the method's compensation off.");
  }

  @Example
  void a_target_that_equal_widths_cannot_meet_names_the_nearest() {
    PrunableModel model = model();
    Allocator allocator =
        new ConstrainedAllocator(
            model,
            allocator(Kind.GLOBAL, model, new Random(1), SubLayerRemoval.FORBIDDEN),
            equal(Set.of(8), 512));

    assertThatThrownBy(
            () -> allocator.allocate(new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("channels in multiples of 512")
        .hasMessageContaining("nearest to removing 30 %");
  }

  @Example
  void hidden_channels_go_to_the_nearest_allowed_number() {
    PrunableModel model = withHidden(256);
    WidthConstraint multiples =
        new WidthConstraint("The target test", false, false, Set.of(), 1, 32, true, false);
    Allocator allocator =
        new ConstrainedAllocator(model, new HiddenChannelAllocator(model), multiples);

    Allocation answer = allocator.allocate(new Target(0.3, RatioDefinition.UNIT), Locks.NONE);

    // 30 % of 256 would leave 179.
    assertThat(answer).isEqualTo(Allocation.dense(model).withHidden(192));
  }

  @Example
  void a_target_that_rounded_hidden_channels_cannot_meet_names_the_nearest() {
    PrunableModel model = withHidden(256);
    WidthConstraint multiples =
        new WidthConstraint("The target test", false, false, Set.of(), 1, 32, true, false);
    Allocator allocator =
        new ConstrainedAllocator(model, new HiddenChannelAllocator(model), multiples);

    assertThatThrownBy(() -> allocator.allocate(new Target(0.97, RatioDefinition.UNIT), Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("hidden channels in multiples of 32")
        .hasMessageContaining("the nearest to removing 97 %")
        .hasMessageContaining("is 87.5 %");
    assertThatThrownBy(() -> allocator.allocate(new Target(0.03, RatioDefinition.UNIT), Locks.NONE))
        .as("no channel would go")
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessageContaining("is 0 %");
  }

  private static PrunableModel withHidden(int count) {
    PrunableModel units = model();
    long each = units.prunableParameters() / count;
    return new PrunableModel(
        units.blocks(),
        units.layerParameters(),
        units.totalParameters(),
        units.headSize(),
        new HiddenChannels(count, each, each, each));
  }

  private static PrunableModel model() {
    List<PrunableModel.Block> blocks = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      blocks.add(new PrunableModel.Block(HEAD_GROUPS, 4 * 64, CHANNELS, 3));
    }
    long prunable = blocks.stream().mapToLong(PrunableModel.Block::prunableParameters).sum();
    return new PrunableModel(blocks, prunable + 100, prunable + 1000);
  }

  private static Allocator allocator(
      Kind kind, PrunableModel model, Random random, SubLayerRemoval removal) {
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      double worth = 0.2 + random.nextDouble();
      attention.add(random.doubles(HEAD_GROUPS).map(x -> x * worth).toArray());
      feedForward.add(random.doubles(CHANNELS).map(x -> x / worth).toArray());
    }
    ImportanceMap importance = new ImportanceMap("test", attention, feedForward);
    return kind == Kind.GLOBAL
        ? new GlobalThresholdAllocator(model, importance, Rounding.CORRECTED, removal)
        : new UniformAllocator(model, importance, Rounding.CORRECTED, removal);
  }
}
