package org.espalier.ui.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.espalier.allocation.Hold;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Shown;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class DraftTest {
  private static final SubLayer ATTENTION = SubLayer.attention(2);
  private static final SubLayer FEED_FORWARD = SubLayer.feedForward(4);

  private final Bench bench = new Bench();
  private final Draft draft = bench.draft;

  @Test
  void has_no_allocation_before_the_analysis() {
    bench.opened();

    assertThat(draft.allocation().get()).isNull();
    assertThat(draft.settled().get()).isFalse();
  }

  @Test
  void starts_at_thirty_percent_of_the_prunable_parameters() {
    bench.analysed();

    assertThat(removed()).isCloseTo(0.3, within(0.02));
    assertThat(draft.settled().get()).isTrue();
    assertThat(draft.undoable().get()).isEmpty();
  }

  @Test
  void solves_every_new_target() {
    bench.analysed();

    draft.setTarget(new Target(0.5, RatioDefinition.PRUNABLE));

    assertThat(removed()).isCloseTo(0.5, within(0.02));
  }

  @Test
  void a_lock_keeps_the_sub_layer_at_what_it_shows_while_the_rest_is_solved_again() {
    bench.analysed();
    int kept = draft.allocation().get().kept(FEED_FORWARD);

    draft.toggleLock(FEED_FORWARD);
    draft.setTarget(new Target(0.45, RatioDefinition.PRUNABLE));

    assertThat(draft.state().get().locks().of(FEED_FORWARD)).contains(Hold.locked(kept));
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(kept);
    assertThat(removed()).isCloseTo(0.45, within(0.02));
  }

  @Test
  void toggling_a_lock_twice_frees_the_sub_layer() {
    bench.analysed();

    draft.toggleLock(ATTENTION);
    draft.toggleLock(ATTENTION);

    assertThat(draft.state().get().locks().isEmpty()).isTrue();
  }

  @Test
  void a_block_lock_holds_both_sub_layers_and_frees_both_again() {
    bench.analysed();

    draft.toggleBlockLock(3);
    assertThat(draft.isLocked(SubLayer.attention(3))).isTrue();
    assertThat(draft.isLocked(SubLayer.feedForward(3))).isTrue();

    draft.toggleBlockLock(3);
    assertThat(draft.state().get().locks().isEmpty()).isTrue();
  }

  @Test
  void a_hand_set_sub_layer_keeps_what_was_set_within_its_bounds() {
    bench.analysed();

    draft.setKept(FEED_FORWARD, 100);
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(100);

    draft.setKept(FEED_FORWARD, 9999);
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(512);
  }

  @Test
  void a_locked_sub_layer_cannot_be_set_by_hand() {
    bench.analysed();
    draft.toggleLock(FEED_FORWARD);
    int kept = draft.allocation().get().kept(FEED_FORWARD);

    draft.setKept(FEED_FORWARD, kept - 50);

    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(kept);
  }

  @Test
  void undo_and_redo_walk_through_the_edits_and_name_them() {
    bench.analysed();
    draft.toggleLock(ATTENTION);
    draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));

    assertThat(draft.undoable().get()).isEqualTo("target 40 %");
    draft.undo();
    assertThat(draft.state().get().target().ratio()).isEqualTo(0.3);
    assertThat(draft.undoable().get()).isEqualTo("lock attention of block 2");
    assertThat(draft.redoable().get()).isEqualTo("target 40 %");

    draft.undo();
    assertThat(draft.state().get().locks().isEmpty()).isTrue();
    draft.redo();
    draft.redo();
    assertThat(draft.state().get().target().ratio()).isEqualTo(0.4);
    assertThat(draft.redoable().get()).isEmpty();
  }

  @Test
  void all_steps_of_one_drag_are_undone_together() {
    bench.analysed();
    for (int kept = 400; kept > 300; kept--) {
      draft.setKept(FEED_FORWARD, kept);
    }
    draft.closeGesture();
    draft.setKept(FEED_FORWARD, 200);

    draft.undo();
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(301);
    draft.undo();
    assertThat(draft.state().get().locks().isEmpty()).isTrue();
  }

  @Test
  void an_infeasible_wish_is_told_with_the_nearest_feasible_target() {
    bench.analysed();
    for (int block = 0; block < 7; block++) {
      draft.toggleBlockLock(block);
    }
    double before = removed();

    draft.setTarget(new Target(0.9, RatioDefinition.PRUNABLE));

    assertThat(draft.refusal().get()).hasMessageContaining("90.0 %");
    assertThat(draft.settled().get()).isFalse();
    assertThat(removed()).as("the last solution stays on screen").isEqualTo(before);
    Target nearest = draft.nearestFeasible().orElseThrow();

    draft.setTarget(nearest);
    assertThat(draft.refusal().get()).isNull();
    assertThat(draft.settled().get()).isTrue();
  }

  @Test
  void editing_a_shown_run_starts_a_draft_from_it() {
    bench.analysed();
    draft.toggleLock(ATTENTION);
    bench.toolbar.prune();
    Run run = bench.session.shownRun().orElseThrow();
    bench.session.shown().set(Shown.DRAFT);
    draft.releaseAll();
    draft.setTarget(new Target(0.6, RatioDefinition.PRUNABLE));

    bench.session.shown().set(Shown.run(run));
    draft.toggleLock(FEED_FORWARD);

    assertThat(bench.session.shown().get()).isEqualTo(Shown.DRAFT);
    assertThat(draft.name()).isEqualTo("draft from " + run.name());
    assertThat(draft.state().get().target()).isEqualTo(run.target());
    assertThat(draft.state().get().locks().of(ATTENTION)).isEqualTo(run.locks().of(ATTENTION));
    assertThat(draft.state().get().locks().of(FEED_FORWARD))
        .contains(Hold.locked(run.allocation().kept(FEED_FORWARD)));
  }

  @Test
  void the_history_reads_like_a_list_and_any_step_of_it_can_be_gone_to() {
    bench.analysed();
    draft.toggleBlockLock(1);
    draft.setKept(FEED_FORWARD, 200);
    draft.setTarget(new Target(0.4, RatioDefinition.PRUNABLE));
    draft.rename("mine");

    assertThat(draft.history().get().steps())
        .containsExactly(
            "the beginning",
            "lock block 1",
            "feed-forward of block 4 keeps 200 of 512",
            "target 40 %",
            "name “mine”");
    draft.moveTo(1);
    assertThat(draft.history().get().position()).isEqualTo(1);
    assertThat(draft.state().get().locks().holds()).hasSize(2);
    assertThat(draft.name()).isEqualTo("draft");
    draft.moveTo(4);
    assertThat(draft.name()).isEqualTo("mine");
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(200);
  }

  @Test
  void a_snapshot_brings_its_state_back_and_that_can_be_undone() {
    bench.analysed();
    draft.setKept(FEED_FORWARD, 200);
    draft.takeSnapshot("before I locked 3");
    draft.toggleBlockLock(3);
    DraftState later = draft.state().get();

    draft.restore(draft.snapshots().get(0));

    assertThat(draft.isLocked(SubLayer.attention(3))).isFalse();
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(200);
    assertThat(draft.undoable().get()).isEqualTo("back to “before I locked 3”");
    draft.undo();
    assertThat(draft.state().get()).isEqualTo(later);
    draft.forget(draft.snapshots().get(0));
    assertThat(draft.snapshots()).isEmpty();
  }

  @Test
  void several_sub_layers_are_locked_evened_out_released_and_reset_together() {
    bench.analysed();
    List<SubLayer> several = List.of(SubLayer.feedForward(2), FEED_FORWARD, ATTENTION);
    double before = removed();

    draft.evenOut(several);
    assertThat(draft.state().get().locks().of(FEED_FORWARD))
        .isEqualTo(draft.state().get().locks().of(SubLayer.feedForward(2)));
    assertThat(removed()).isCloseTo(before, within(0.02));
    assertThat(draft.undoable().get()).startsWith("even out 3 sub-layers at ");

    draft.toggleLocks(several);
    assertThat(several).allMatch(draft::isLocked);
    draft.setKeptShare(several, 0.5);
    assertThat(draft.state().get().locks().of(FEED_FORWARD))
        .as("locked ones stay")
        .isNotEqualTo(Optional.of(Hold.handSet(256)));
    draft.toggleLocks(several);
    draft.setKeptShare(several, 0.5);
    assertThat(draft.state().get().locks().of(FEED_FORWARD)).contains(Hold.handSet(256));

    draft.pick(FEED_FORWARD, 3, Draft.Fate.KEPT_BY_HAND);
    draft.release(several);
    assertThat(draft.state().get().locks().holds()).isEmpty();
    assertThat(draft.fate(FEED_FORWARD, 3)).isEqualTo(Draft.Fate.KEPT_BY_HAND);
    draft.reset(several);
    assertThat(draft.state().get().locks().isEmpty()).isTrue();
  }

  @Test
  void a_hand_set_row_never_contradicts_units_picked_by_hand() {
    bench.analysed();
    for (int unit = 0; unit < 10; unit++) {
      draft.pick(FEED_FORWARD, unit, Draft.Fate.KEPT_BY_HAND);
    }
    draft.pick(FEED_FORWARD, 20, Draft.Fate.DROPPED_BY_HAND);

    draft.setKept(FEED_FORWARD, 2);
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(10);
    draft.setKept(FEED_FORWARD, 512);
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(511);
    draft.pick(FEED_FORWARD, 21, Draft.Fate.DROPPED_BY_HAND);
    assertThat(draft.refusal().get()).isNull();
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(510);
  }

  @Test
  void another_checkpoint_starts_without_locks_and_history() {
    bench.analysed();
    draft.toggleLock(ATTENTION);

    bench.openedFolder("/models/other");

    assertThat(draft.state().get().locks().isEmpty()).isTrue();
    assertThat(draft.undoable().get()).isEmpty();
    assertThat(draft.allocation().get()).isNull();
  }

  private double removed() {
    return draft
        .allocation()
        .get()
        .removedShare(bench.session.checkpoint().get().model(), RatioDefinition.PRUNABLE);
  }
}
