package org.espalier.ui.allocation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.Destination;
import org.espalier.workspace.Run;
import org.espalier.workspace.SavedDraft;

/**
 * The allocation being edited. Every edit is solved off the UI thread and can be undone; editing
 * while a run is shown starts over from that run. Used on the UI thread only.
 */
public final class Draft {
  /** What a new draft starts with. */
  public static final Target FIRST_TARGET = new Target(0.3, RatioDefinition.PRUNABLE);

  private static final int SNAPSHOTS_AT_MOST = 50;

  /** A state put aside under a name, with what it came to. */
  public record Snapshot(String name, DraftState state, Allocation allocation) {}

  /**
   * Every state since the draft began.
   *
   * @param steps edits in words, oldest first; the first is the beginning
   * @param position of the present state
   */
  public record History(List<String> steps, int position) {}

  /** What happens to a unit. */
  public enum Fate {
    KEPT_BY_HAND,
    DROPPED_BY_HAND,
    BY_SCORE
  }

  private final Session session;
  private final Messages messages;
  private final EditHistory<DraftState> edits =
      new EditHistory<>(new DraftState(FIRST_TARGET, Locks.NONE));
  private final ReadOnlyObjectWrapper<DraftState> state =
      new ReadOnlyObjectWrapper<>(new DraftState(FIRST_TARGET, Locks.NONE));
  private final DraftSolution solution;
  private final SubLayerNames names;
  private final ReadOnlyStringWrapper undoable = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper redoable = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<History> history = new ReadOnlyObjectWrapper<>();
  private final ObservableList<Snapshot> snapshots = FXCollections.observableArrayList();

  public Draft(Session session, UiExecutor executor, Messages messages) {
    this.session = session;
    this.messages = messages;
    tellHistory();
    session.checkpoint().addListener((property, before, opened) -> startOver());
    solution = new DraftSolution(session, state, executor);
    names = new SubLayerNames(session, messages);
  }

  /** Target, locks and name as they stand. */
  public ReadOnlyObjectProperty<DraftState> state() {
    return state.getReadOnlyProperty();
  }

  /** The newest solution; null before the first. It stays while a wish cannot be met. */
  public ReadOnlyObjectProperty<Allocation> allocation() {
    return solution.allocation();
  }

  /** What the method would do without locks; empty where there are none. */
  public Optional<Allocation> proposal() {
    return solution.proposal();
  }

  /** What {@link #allocation} would be if it could run anywhere; empty where it can. */
  public Optional<Allocation> free() {
    return solution.free();
  }

  /** Why the present wish cannot be met; null when it can. */
  public ReadOnlyObjectProperty<EspalierException> refusal() {
    return solution.refusal();
  }

  /** True when {@link #allocation} answers {@link #state}. */
  public ReadOnlyBooleanProperty settled() {
    return solution.settled();
  }

  /** What undo would take back, in words; empty when there is nothing. */
  public ReadOnlyStringProperty undoable() {
    return undoable.getReadOnlyProperty();
  }

  /** What redo would bring back, in words; empty when there is nothing. */
  public ReadOnlyStringProperty redoable() {
    return redoable.getReadOnlyProperty();
  }

  /** Every edit, undone ones included. */
  public ReadOnlyObjectProperty<History> history() {
    return history.getReadOnlyProperty();
  }

  /** States put aside, oldest first. */
  public ObservableList<Snapshot> snapshots() {
    return FXCollections.unmodifiableObservableList(snapshots);
  }

  /** Its name, or what a draft without one is called. */
  public String name() {
    String name = state.get().name();
    return name.isEmpty() ? messages.text("draft.unnamed") : name;
  }

  /** As {@link #name}, to begin a line with. */
  public String title() {
    String name = name();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** A target that can be met instead of the refused one. */
  public Optional<Target> nearestFeasible() {
    return solution.refusal().get() instanceof InfeasibleTargetException infeasible
        ? Optional.ofNullable(infeasible.nearestFeasible())
        : Optional.empty();
  }

  /** Gives the draft another name. */
  public void rename(String name) {
    startFromShownRun();
    edit("", messages.text("edit.rename", name.strip()), state.get().named(name.strip()));
  }

  /**
   * Wishes for another way to share the target among sub-layers; whoever makes analyses grants it
   * where it can be had.
   */
  public void allocateBy(String allocator) {
    startFromShownRun();
    edit("", messages.text("edit.allocator." + allocator), state.get().allocatedBy(allocator));
  }

  /**
   * Wishes for another place where the result will run; whoever makes analyses grants it where it
   * can be had.
   *
   * @param title of the place, for people
   */
  public void runOn(Destination destination, String title) {
    startFromShownRun();
    edit(
        "",
        messages.text(
            destination.channelMultiple() == 1 ? "edit.runsOn" : "edit.runsOnMultiple",
            title,
            destination.channelMultiple()),
        state.get().runningOn(destination));
  }

  /** Sets the target; the edits of one drag, told by {@link #closeGesture}, are one step. */
  public void setTarget(Target target) {
    startFromShownRun();
    edit("target", messages.text("edit.target", 100 * target.ratio()), state.get().with(target));
  }

  /** Locks the sub-layer at what it keeps now, or frees a locked one. */
  public void toggleLock(SubLayer subLayer) {
    toggleLocks(Set.of(subLayer));
  }

  /** Locks both sub-layers of a block, or frees them when both are locked. */
  public void toggleBlockLock(int block) {
    toggleLocks(Set.of(SubLayer.attention(block), SubLayer.feedForward(block)));
  }

  /** Locks all of these at what they keep now, or frees them when all are locked. */
  public void toggleLocks(Collection<SubLayer> subLayers) {
    if (solution.allocation().get() == null || subLayers.isEmpty()) {
      return;
    }
    Allocation kept = shownAllocation();
    startFromShownRun();
    Locks locks = state.get().locks();
    edit(
        "",
        messages.text(
            LockEdits.areLocked(locks, subLayers) ? "edit.unlock" : "edit.lock",
            names.of(subLayers)),
        LockEdits.toggled(locks, subLayers, kept));
  }

  /** Sets what a sub-layer keeps by hand; locked ones stay as they are. */
  public void setKept(SubLayer subLayer, int kept) {
    if (!isEditable()) {
      return;
    }
    LockEdits rows = startFromShownRows();
    if (!isLocked(subLayer)) {
      edit(
          "kept " + subLayer,
          messages.text(
              "edit.kept",
              names.of(subLayer),
              rows.bounded(subLayer, kept),
              rows.model().units(subLayer)),
          rows.keeping(subLayer, kept));
    }
  }

  /** Changes what a sub-layer keeps by some units, or to the next number that is allowed. */
  public void stepKept(SubLayer subLayer, int step) {
    if (isEditable()) {
      setKept(subLayer, rows(shownAllocation()).stepped(subLayer, step));
    }
  }

  /** Sets the same kept share for several sub-layers; locked ones stay as they are. */
  public void setKeptShare(Collection<SubLayer> subLayers, double share) {
    if (isEditable()) {
      setShare(startFromShownRows(), subLayers, share, "edit.keptShare");
    }
  }

  /** Changes what several sub-layers keep by a share of their units. */
  public void changeKept(Collection<SubLayer> subLayers, double share) {
    if (isEditable()) {
      edit(
          "change " + subLayers,
          messages.text(share < 0 ? "edit.less" : "edit.more", names.of(subLayers)),
          startFromShownRows().changing(subLayers, share));
    }
  }

  /**
   * Sets these to one kept share, that at which they together keep as many parameters as now; they
   * are hand-set then. Locked ones stay as they are.
   */
  public void evenOut(Collection<SubLayer> subLayers) {
    if (!isEditable()) {
      return;
    }
    rows(shownAllocation())
        .evenShare(subLayers)
        .ifPresent(
            share -> {
              setShare(startFromShownRows(), subLayers, share, "edit.evenOut");
              closeGesture();
            });
  }

  private void setShare(LockEdits rows, Collection<SubLayer> subLayers, double share, String key) {
    edit(
        "share " + subLayers,
        messages.text(key, names.of(subLayers), 100 * share),
        rows.sharing(subLayers, share));
  }

  /** Lets the sub-layer take part in the re-solve again. */
  public void release(SubLayer subLayer) {
    release(Set.of(subLayer));
  }

  /** Lets all of these take part in the re-solve again. */
  public void release(Collection<SubLayer> subLayers) {
    startFromShownRun();
    edit(
        "",
        messages.text("edit.release", names.of(subLayers)),
        LockEdits.released(state.get().locks(), subLayers));
  }

  /** As {@link #release}, and leaves units picked by hand to their scores again. */
  public void reset(Collection<SubLayer> subLayers) {
    startFromShownRun();
    edit(
        "",
        messages.text("edit.reset", names.of(subLayers)),
        LockEdits.reset(state.get().locks(), subLayers));
  }

  /** Frees every sub-layer and leaves every unit to its score. */
  public void releaseAll() {
    startFromShownRun();
    edit("", messages.text("edit.releaseAll"), Locks.NONE);
  }

  /** Keeps or drops one unit by hand, or leaves it to its score; not in locked sub-layers. */
  public void pick(SubLayer subLayer, int unit, Fate fate) {
    if (!isEditable() || unit < 0 || unit >= session.checkpoint().get().model().units(subLayer)) {
      return;
    }
    LockEdits rows = startFromShownRows();
    if (isLocked(subLayer)) {
      return;
    }
    HandPicked before = state.get().locks().pickedOf(subLayer);
    HandPicked picked =
        switch (fate) {
          case KEPT_BY_HAND -> before.keeping(unit);
          case DROPPED_BY_HAND -> before.dropping(unit);
          case BY_SCORE -> before.leaving(unit);
        };
    edit(
        "",
        messages.text(
            "edit.pick." + fate,
            messages.text("hover.unit." + subLayer.kind(), unit),
            names.of(subLayer)),
        rows.picking(subLayer, picked));
  }

  /** What happens to a unit by hand. */
  public Fate fate(SubLayer subLayer, int unit) {
    HandPicked picked = state.get().locks().pickedOf(subLayer);
    return picked.kept().contains(unit)
        ? Fate.KEPT_BY_HAND
        : picked.dropped().contains(unit) ? Fate.DROPPED_BY_HAND : Fate.BY_SCORE;
  }

  /** Ends a drag: the next edit is a step of its own. */
  public void closeGesture() {
    edits.closeGesture();
  }

  public void undo() {
    moveTo(edits.position() - 1);
  }

  public void redo() {
    moveTo(edits.position() + 1);
  }

  /** Goes to a step of the history. */
  public void moveTo(int step) {
    if (step >= 0 && step < edits.steps().size() && step != edits.position()) {
      take(edits.moveTo(step));
    }
  }

  /** A name for a snapshot that says where it stands. */
  public String suggestedSnapshot() {
    return messages.text(
        "draft.snapshotName",
        snapshots.size() + 1,
        100 * state.get().target().ratio(),
        state.get().locks().holds().size());
  }

  /** Puts the present state aside. Needs a solution. */
  public void takeSnapshot(String name) {
    Optional<Allocation> answer = solution.answer();
    if (answer.isEmpty()) {
      return;
    }
    String plain = name.isBlank() ? suggestedSnapshot() : name.strip();
    if (snapshots.size() == SNAPSHOTS_AT_MOST) {
      snapshots.remove(0);
    }
    snapshots.add(new Snapshot(plain, state.get(), answer.get()));
  }

  /** Goes back to a snapshot; that can be undone. */
  public void restore(Snapshot snapshot) {
    session.shown().set(Shown.DRAFT);
    edit("", messages.text("edit.restore", snapshot.name()), snapshot.state());
  }

  public void forget(Snapshot snapshot) {
    snapshots.remove(snapshot);
  }

  /** The draft as a file holds it; needs an open checkpoint. */
  public SavedDraft saved() {
    return DraftRecords.saved(
        session.checkpoint().get(),
        Optional.ofNullable(session.analysis().get()),
        solution.answer(),
        snapshots,
        edits);
  }

  /**
   * Goes on with a draft from a file.
   *
   * @throws EspalierException if it was made for a model of other widths
   */
  public void open(SavedDraft saved) {
    PrunableModel model = session.checkpoint().get().model();
    if (!saved.fits(model)) {
      throw new EspalierException(
          messages.text(
              "draft.otherModel",
              saved.checkpoint(),
              saved.headGroups().size(),
              session.checkpoint().get().name()));
    }
    session.shown().set(Shown.DRAFT);
    snapshots.setAll(DraftRecords.snapshots(saved));
    edits.resume(DraftRecords.history(saved), saved.position());
    take(DraftRecords.state(saved.state()));
  }

  public boolean isLocked(SubLayer subLayer) {
    return LockEdits.isLocked(state.get().locks(), subLayer);
  }

  /** Whether rows answer to edits. */
  private boolean isEditable() {
    return session.analysis().get() != null && solution.allocation().get() != null;
  }

  /** The rows as they are shown; editing a run starts over from that. */
  private LockEdits startFromShownRows() {
    Allocation kept = shownAllocation();
    startFromShownRun();
    return rows(kept);
  }

  private LockEdits rows(Allocation kept) {
    Analysis analysis = session.analysis().get();
    return new LockEdits(
        analysis.checkpoint().model(), analysis.constraint(), kept, state.get().locks());
  }

  private Allocation shownAllocation() {
    return session
        .shownRun()
        .filter(session::belongsHere)
        .map(Run::allocation)
        .orElse(solution.allocation().get());
  }

  /** Goes on with the target and the locks that a run was pruned with; that can be undone. */
  public void takeSettings(Run run) {
    String name = messages.text("draft.settingsOf", run.name());
    edit("", name, state.get().with(run.target()).with(run.locks()).named(name));
    session.shown().set(Shown.DRAFT);
  }

  private void startFromShownRun() {
    session
        .shownRun()
        .filter(session::belongsHere)
        .ifPresent(
            run -> {
              String name = messages.text("draft.fromRun", run.name());
              edit("", name, state.get().with(run.target()).with(run.locks()).named(name));
            });
    session.shown().set(Shown.DRAFT);
  }

  private void edit(String gesture, String description, Locks after) {
    edit(gesture, description, state.get().with(after));
  }

  private void edit(String gesture, String description, DraftState after) {
    DraftState before = state.get();
    if (!after.equals(before)) {
      edits.edited(gesture, description, after);
      take(after);
    }
  }

  private void take(DraftState wanted) {
    session.shown().set(Shown.DRAFT);
    boolean solved = wanted.asksTheSameAs(state.get());
    state.set(wanted);
    tellHistory();
    if (!solved) {
      solution.solve();
    }
  }

  private void startOver() {
    DraftState fresh =
        new DraftState(state.get().target(), Locks.NONE).runningOn(session.destination().get());
    edits.startOver(fresh);
    snapshots.clear();
    solution.clear();
    state.set(fresh);
    tellHistory();
  }

  private void tellHistory() {
    undoable.set(edits.undoable().map(EditHistory.Step::description).orElse(""));
    redoable.set(edits.redoable().map(EditHistory.Step::description).orElse(""));
    history.set(
        new History(
            edits.steps().stream()
                .map(
                    step ->
                        step.description().isEmpty()
                            ? messages.text("edit.beginning")
                            : step.description())
                .toList(),
            edits.position()));
  }
}
