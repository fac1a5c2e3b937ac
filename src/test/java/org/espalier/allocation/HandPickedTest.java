package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.espalier.importance.ImportanceMap;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;

class HandPickedTest {
  private static final SubLayer CHANNELS = SubLayer.feedForward(0);
  private static final PrunableModel MODEL =
      new PrunableModel(Collections.nCopies(3, new PrunableModel.Block(2, 40, 20, 4)), 500, 600);

  private static Allocator allocator(SubLayerRemoval removal, long seed) {
    Random random = new Random(seed);
    return new HandPickedAllocator(
        MODEL,
        new GlobalThresholdAllocator(
            MODEL,
            new ImportanceMap(
                "test",
                IntStream.range(0, 3).mapToObj(b -> random.doubles(2).toArray()).toList(),
                IntStream.range(0, 3).mapToObj(b -> random.doubles(20).toArray()).toList()),
            Rounding.CORRECTED,
            removal));
  }

  @Test
  void aUnitIsKeptOrDroppedOrLeftToItsScore() {
    HandPicked picked = HandPicked.NONE.keeping(3).dropping(5).dropping(3);

    assertThat(picked).isEqualTo(new HandPicked(Set.of(), Set.of(3, 5)));
    assertThat(picked.leaving(3).leaving(5).isEmpty()).isTrue();
    assertThatThrownBy(() -> new HandPicked(Set.of(1), Set.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChoiceChangesOnlyWhereTheHandDemandsIt() {
    double[] scores = {5, 4, 3, 2, 1};

    assertThat(HandPicked.NONE.honour(new int[] {0, 1}, scores)).containsExactly(0, 1);
    assertThat(HandPicked.NONE.keeping(4).honour(new int[] {0, 1}, scores)).containsExactly(0, 4);
    assertThat(HandPicked.NONE.dropping(0).honour(new int[] {0, 1}, scores)).containsExactly(1, 2);
    assertThat(HandPicked.NONE.keeping(3).dropping(0).honour(new int[] {0, 1}, scores))
        .containsExactly(1, 3);
  }

  @Property(tries = 200)
  void whateverTheChoiceItKeepsItsSizeAndTheHand(
      @ForAll @IntRange(min = 1, max = 30) int units, @ForAll long seed) {
    Random random = new Random(seed);
    double[] scores = random.doubles(units).toArray();
    HandPicked picked = HandPicked.NONE;
    for (int unit = 0; unit < units; unit++) {
      int fate = random.nextInt(4);
      picked = fate == 0 ? picked.keeping(unit) : fate == 1 ? picked.dropping(unit) : picked;
    }
    int kept = picked.least() + random.nextInt(picked.most(units) - picked.least() + 1);
    int[] chosen = random.ints(0, units).distinct().limit(kept).toArray();

    int[] honoured = picked.honour(chosen, scores);

    List<Integer> list = Arrays.stream(honoured).boxed().toList();
    assertThat(list).hasSize(kept).containsAll(picked.kept());
    assertThat(list).noneMatch(picked.dropped()::contains).isSorted();
    int[] first = Ranking.of(scores).with(picked).kept(kept);
    assertThat(picked.honour(Ranking.of(scores).kept(kept), scores)).containsExactly(first);
  }

  @Property(tries = 100)
  void theTargetIsMetAroundUnitsPickedByHand(@ForAll @IntRange(min = 0, max = 1000) int seed) {
    HandPicked keeps = new HandPicked(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), Set.of());
    HandPicked drops = new HandPicked(Set.of(), Set.of(1));
    Locks locks = Locks.NONE.withPicked(CHANNELS, keeps).withPicked(SubLayer.attention(2), drops);

    Allocation allocation =
        allocator(SubLayerRemoval.ALLOWED, seed)
            .allocate(new Target(0.5, RatioDefinition.PRUNABLE), locks);

    assertThat(allocation.kept(CHANNELS)).isGreaterThanOrEqualTo(13);
    assertThat(allocation.kept(SubLayer.attention(2))).isLessThanOrEqualTo(1);
    assertThat(allocation.removedShare(MODEL, RatioDefinition.PRUNABLE))
        .isCloseTo(0.5, within(40.0 / MODEL.prunableParameters()));
  }

  @Test
  void aHoldThatContradictsTheHandIsRefusedInWords() {
    Locks locks =
        Locks.NONE
            .with(CHANNELS, Hold.handSet(1))
            .withPicked(CHANNELS, HandPicked.NONE.keeping(2).keeping(3));

    assertThatThrownBy(
            () ->
                allocator(SubLayerRemoval.ALLOWED, 1)
                    .allocate(new Target(0.3, RatioDefinition.PRUNABLE), locks))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("feed-forward of block 0")
        .hasMessageContaining("2 to 20");
  }

  @Test
  void unitsThatTheModelDoesNotHaveAreRefused() {
    Locks locks = Locks.NONE.withPicked(CHANNELS, HandPicked.NONE.keeping(20));

    assertThatThrownBy(
            () ->
                allocator(SubLayerRemoval.ALLOWED, 1)
                    .allocate(new Target(0.3, RatioDefinition.PRUNABLE), locks))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("not units of this model");
  }

  @Test
  void anAllocatorTellsWhatItDemandsOfASubLayer() {
    assertThat(allocator(SubLayerRemoval.ALLOWED, 1).bounds(CHANNELS)).isEqualTo(Bounds.NONE);
    assertThat(allocator(SubLayerRemoval.FORBIDDEN, 1).bounds(CHANNELS).leastKept()).isEqualTo(1);
  }
}
