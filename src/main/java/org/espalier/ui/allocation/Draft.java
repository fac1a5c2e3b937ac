package org.espalier.ui.allocation;

import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.allocation.NewestSolver.Answer;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workspace.Run;

/**
 * The allocation being edited. Every edit is solved off the UI thread and can be undone; editing
 * while a run is shown starts over from that run. Used on the UI thread only.
 */
public final class Draft {
  /** What a new draft starts with. */
  public static final Target FIRST_TARGET = new Target(0.3, RatioDefinition.PRUNABLE);

  private final Session session;
  private final Messages messages;
  private final NewestSolver solver;
  private final EditHistory<DraftState> history = new EditHistory<>();
  private final ReadOnlyObjectWrapper<DraftState> state =
      new ReadOnlyObjectWrapper<>(new DraftState(FIRST_TARGET, Locks.NONE));
  private final ReadOnlyObjectWrapper<Allocation> allocation = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<EspalierException> refusal = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper settled = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper undoable = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper redoable = new ReadOnlyStringWrapper("");

  public Draft(Session session, UiExecutor executor, Messages messages) {
    this.session = session;
    this.messages = messages;
    this.solver = new NewestSolver(executor);
    session.checkpoint().addListener((property, before, opened) -> startOver());
    session.analysis().addListener((property, before, analysed) -> solve());
  }

  /** Target and locks as they stand. */
  public ReadOnlyObjectProperty<DraftState> state() {
    return state.getReadOnlyProperty();
  }

  /** The newest solution; null before the first. It stays while a wish cannot be met. */
  public ReadOnlyObjectProperty<Allocation> allocation() {
    return allocation.getReadOnlyProperty();
  }

  /** Why the present wish cannot be met; null when it can. */
  public ReadOnlyObjectProperty<EspalierException> refusal() {
    return refusal.getReadOnlyProperty();
  }

  /** True when {@link #allocation} answers {@link #state}. */
  public ReadOnlyBooleanProperty settled() {
    return settled.getReadOnlyProperty();
  }

  /** What undo would take back, in words; empty when there is nothing. */
  public ReadOnlyStringProperty undoable() {
    return undoable.getReadOnlyProperty();
  }

  /** What redo would bring back, in words; empty when there is nothing. */
  public ReadOnlyStringProperty redoable() {
    return redoable.getReadOnlyProperty();
  }

  /** A target that can be met instead of the refused one. */
  public Optional<Target> nearestFeasible() {
    return refusal.get() instanceof InfeasibleTargetException infeasible
        ? Optional.ofNullable(infeasible.nearestFeasible())
        : Optional.empty();
  }

  /** Sets the target; the edits of one drag, told by {@link #closeGesture}, are one step. */
  public void setTarget(Target target) {
    startFromShownRun();
    edit("target", messages.text("edit.target", 100 * target.ratio()), withTarget(target));
  }

  /** Locks the sub-layer at what it keeps now, or frees a locked one. */
  public void toggleLock(SubLayer subLayer) {
    if (allocation.get() == null) {
      return;
    }
    int kept = shownKept(subLayer);
    startFromShownRun();
    Locks locks = state.get().locks();
    boolean locked = locks.of(subLayer).filter(hold -> !hold.editable()).isPresent();
    edit(
        "",
        messages.text(locked ? "edit.unlock" : "edit.lock", name(subLayer)),
        withLocks(locked ? locks.without(subLayer) : locks.with(subLayer, Hold.locked(kept))));
  }

  /** Locks both sub-layers of a block, or frees them when both are locked. */
  public void toggleBlockLock(int block) {
    if (allocation.get() == null) {
      return;
    }
    SubLayer attention = SubLayer.attention(block);
    SubLayer feedForward = SubLayer.feedForward(block);
    int headGroups = shownKept(attention);
    int channels = shownKept(feedForward);
    startFromShownRun();
    Locks locks = state.get().locks();
    boolean locked = isLocked(attention) && isLocked(feedForward);
    edit(
        "",
        messages.text(locked ? "edit.unlockBlock" : "edit.lockBlock", block),
        withLocks(
            locked
                ? locks.without(attention).without(feedForward)
                : locks
                    .with(attention, Hold.locked(headGroups))
                    .with(feedForward, Hold.locked(channels))));
  }

  /** Sets what a sub-layer keeps by hand; locked ones stay as they are. */
  public void setKept(SubLayer subLayer, int kept) {
    Analysis analysis = session.analysis().get();
    if (analysis == null || allocation.get() == null) {
      return;
    }
    int units = analysis.checkpoint().model().units(subLayer);
    int bounded = Math.max(0, Math.min(units, kept));
    startFromShownRun();
    if (isLocked(subLayer)) {
      return;
    }
    edit(
        "kept " + subLayer,
        messages.text("edit.kept", name(subLayer), bounded, units),
        withLocks(state.get().locks().with(subLayer, Hold.handSet(bounded))));
  }

  /** Lets the sub-layer take part in the re-solve again. */
  public void release(SubLayer subLayer) {
    startFromShownRun();
    edit(
        "",
        messages.text("edit.release", name(subLayer)),
        withLocks(state.get().locks().without(subLayer)));
  }

  /** Frees every sub-layer. */
  public void releaseAll() {
    startFromShownRun();
    edit("", messages.text("edit.releaseAll"), withLocks(Locks.NONE));
  }

  /** Ends a drag: the next edit is a step of its own. */
  public void closeGesture() {
    history.closeGesture();
  }

  public void undo() {
    history.undo().ifPresent(this::moveTo);
  }

  public void redo() {
    history.redo().ifPresent(this::moveTo);
  }

  public boolean isLocked(SubLayer subLayer) {
    return state.get().locks().of(subLayer).filter(hold -> !hold.editable()).isPresent();
  }

  private int shownKept(SubLayer subLayer) {
    return session
        .shownRun()
        .filter(session::belongsHere)
        .map(Run::allocation)
        .orElse(allocation.get())
        .kept(subLayer);
  }

  private void startFromShownRun() {
    session
        .shownRun()
        .filter(session::belongsHere)
        .ifPresent(
            run ->
                edit(
                    "",
                    messages.text("edit.fromRun", run.name()),
                    new DraftState(run.target(), run.locks())));
    session.shown().set(Shown.DRAFT);
  }

  private void edit(String gesture, String description, DraftState after) {
    DraftState before = state.get();
    if (!after.equals(before)) {
      history.edited(gesture, description, before, after);
      state.set(after);
      tellHistory();
      solve();
    }
  }

  private void moveTo(DraftState wanted) {
    session.shown().set(Shown.DRAFT);
    state.set(wanted);
    tellHistory();
    solve();
  }

  private void startOver() {
    history.clear();
    tellHistory();
    allocation.set(null);
    refusal.set(null);
    settled.set(false);
    state.set(new DraftState(state.get().target(), Locks.NONE));
  }

  private void solve() {
    settled.set(false);
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      allocation.set(null);
      refusal.set(null);
      return;
    }
    solver.ask(new NewestSolver.Question(analysis, state.get()), this::take);
  }

  private void take(Answer answer) {
    if (!answer.question().analysis().equals(session.analysis().get())) {
      return;
    }
    boolean newest = answer.question().state().equals(state.get());
    if (answer instanceof Answer.Solved solved) {
      allocation.set(solved.allocation());
      if (newest) {
        refusal.set(null);
        settled.set(true);
      }
    } else if (answer instanceof Answer.Refused refused && newest) {
      refusal.set(refused.reason());
    }
  }

  private void tellHistory() {
    undoable.set(history.lastDone().map(EditHistory.Step::description).orElse(""));
    redoable.set(history.lastUndone().map(EditHistory.Step::description).orElse(""));
  }

  private DraftState withTarget(Target target) {
    return new DraftState(target, state.get().locks());
  }

  private DraftState withLocks(Locks locks) {
    return new DraftState(state.get().target(), locks);
  }

  private String name(SubLayer subLayer) {
    return messages.text("subLayer." + subLayer.kind().name(), subLayer.block());
  }
}
