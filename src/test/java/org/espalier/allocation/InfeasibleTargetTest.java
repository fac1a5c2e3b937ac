package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.importance.ImportanceMap;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;

/** What a researcher reads when a wish cannot be met. */
class InfeasibleTargetTest {
  private static final PrunableModel MODEL =
      new PrunableModel(
          Collections.nCopies(10, new PrunableModel.Block(8, 1000, 100, 20)), 110_000, 150_000);
  private static final ImportanceMap IMPORTANCE = importance(MODEL);

  private static ImportanceMap importance(PrunableModel model) {
    return new ImportanceMap(
        "test",
        model.blocks().stream().map(b -> ascending(b.headGroups())).toList(),
        model.blocks().stream().map(b -> ascending(b.channels())).toList());
  }

  private static double[] ascending(int count) {
    return IntStream.range(0, count).mapToDouble(i -> i).toArray();
  }

  private static Locks wholeBlocks(int count) {
    return LockSyntax.parse(IntStream.range(0, count).mapToObj(Integer::toString).toList(), MODEL);
  }

  private static InfeasibleTargetException refusal(Target target, Locks locks) {
    return catchThrowableOfType(
        InfeasibleTargetException.class,
        () ->
            new GlobalThresholdAllocator(
                    MODEL, IMPORTANCE, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN)
                .allocate(target, locks));
  }

  @Test
  void lockedBlocksThatKeepTooMuchAreNamedWithNumbers() {
    InfeasibleTargetException refusal =
        refusal(new Target(0.3, RatioDefinition.PRUNABLE), wholeBlocks(8));
    assertThat(refusal)
        .hasMessage(
            "Locked and hand-set sub-layers alone keep 80 % of the prunable parameters and the one"
                + " unit that every other sub-layer keeps holds 2.04 %; removing 30 % needs to"
                + " keep no more than 70 %. The nearest feasible target is 17.96 %.");
    assertThat(refusal.nearestFeasible().ratio()).isCloseTo(0.1796, within(1e-9));
  }

  @Test
  void lockedBlocksThatRemoveTooMuchAreNamedWithNumbers() {
    Locks locks = Locks.NONE;
    for (int block = 0; block < 5; block++) {
      locks = locks.with(SubLayer.attention(block), Hold.handSet(0));
    }
    assertThat(refusal(new Target(0.3, RatioDefinition.PRUNABLE), locks))
        .hasMessage(
            "Locked and hand-set sub-layers alone remove 40 % of the prunable parameters, more"
                + " than the target of 30 %. The nearest feasible target is 40 %.");
  }

  @Test
  void whatCannotBePrunedIsNamedWhenTheRatioCountsIt() {
    assertThat(refusal(new Target(0.8, RatioDefinition.TOTAL), Locks.NONE))
        .hasMessage(
            "Parameters outside head groups and channels, which stay, hold 33.33 % of all"
                + " parameters and the one unit that every other sub-layer keeps holds 6.8 %;"
                + " removing 80 % needs to keep no more than 20 %. The nearest feasible target is"
                + " 59.86 %.");
  }

  @Test
  void aFixedNumberOfHeadsCanBeTooManyForTheTarget() {
    Allocator allocator =
        new FixedHeadsAllocator(
            MODEL, IMPORTANCE, Competition.GLOBAL, 40, Rounding.OFFICIAL, SubLayerRemoval.ALLOWED);
    assertThatThrownBy(
            () -> allocator.allocate(new Target(0.2, RatioDefinition.PRUNABLE), Locks.NONE))
        .isInstanceOf(InfeasibleTargetException.class)
        .hasMessage(
            "Attention sub-layers, from which 40 head groups go, alone remove 40 % of the prunable"
                + " parameters, more than the target of 20 %. The nearest feasible target is 40"
                + " %.");
  }

  @Test
  void everythingLockedAtWhatIsShownStaysFeasible() {
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    Allocator allocator =
        new GlobalThresholdAllocator(
            MODEL, IMPORTANCE, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN);
    Allocation shown = allocator.allocate(target, Locks.NONE);
    Locks locks = Locks.NONE;
    for (SubLayer subLayer : MODEL.subLayers()) {
      locks = locks.with(subLayer, Hold.locked(shown.kept(subLayer)));
    }
    assertThat(allocator.allocate(target, locks)).isEqualTo(shown);
  }

  @Test
  void aLockThatDoesNotFitTheModelIsRefused() {
    Allocator allocator =
        new UniformAllocator(MODEL, IMPORTANCE, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN);
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    assertThatThrownBy(
            () ->
                allocator.allocate(target, Locks.NONE.with(SubLayer.attention(12), Hold.locked(1))))
        .isInstanceOf(EspalierException.class)
        .hasMessage(
            "Block 12 is locked or hand-set, but the model has blocks 0 to 9; remove that lock.");
    assertThatThrownBy(
            () ->
                allocator.allocate(target, Locks.NONE.with(SubLayer.attention(2), Hold.locked(9))))
        .isInstanceOf(EspalierException.class)
        .hasMessage(
            "The lock on attention of block 2 keeps 9 units, but it has 8; set it to 0 to 8.");
  }

  @Test
  void aScoreThatIsNotANumberIsRefused() {
    List<double[]> attention =
        Collections.nCopies(10, new double[] {1, 2, 3, 4, 5, 6, Double.NaN, 8});
    ImportanceMap broken =
        new ImportanceMap(
            "test", attention, MODEL.blocks().stream().map(b -> ascending(b.channels())).toList());
    assertThatThrownBy(
            () ->
                new GlobalThresholdAllocator(
                    MODEL, broken, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("unit 6 in attention of block 0 is not a number");
  }
}
