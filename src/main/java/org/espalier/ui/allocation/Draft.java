package org.espalier.ui.allocation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.InfeasibleTargetException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
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
  private final NewestSolver solver;
  private final EditHistory<DraftState> edits =
      new EditHistory<>(new DraftState(FIRST_TARGET, Locks.NONE));
  private final ReadOnlyObjectWrapper<DraftState> state =
      new ReadOnlyObjectWrapper<>(new DraftState(FIRST_TARGET, Locks.NONE));
  private final ReadOnlyObjectWrapper<Allocation> allocation = new ReadOnlyObjectWrapper<>();
  private Optional<Allocation> proposal = Optional.empty();
  private Optional<Allocation> free = Optional.empty();
  private final ReadOnlyObjectWrapper<EspalierException> refusal = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper settled = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper undoable = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper redoable = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<History> history = new ReadOnlyObjectWrapper<>();
  private final ObservableList<Snapshot> snapshots = FXCollections.observableArrayList();

  public Draft(Session session, UiExecutor executor, Messages messages) {
    this.session = session;
    this.messages = messages;
    this.solver = new NewestSolver(executor);
    tellHistory();
    session.checkpoint().addListener((property, before, opened) -> startOver());
    session.analysis().addListener((property, before, analysed) -> solve());
  }

  /** Target, locks and name as they stand. */
  public ReadOnlyObjectProperty<DraftState> state() {
    return state.getReadOnlyProperty();
  }

  /** The newest solution; null before the first. It stays while a wish cannot be met. */
  public ReadOnlyObjectProperty<Allocation> allocation() {
    return allocation.getReadOnlyProperty();
  }

  /** What the method would do without locks; empty where there are none. */
  public Optional<Allocation> proposal() {
    return proposal;
  }

  /** What {@link #allocation} would be if it could run anywhere; empty where it can. */
  public Optional<Allocation> free() {
    return free;
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
    return refusal.get() instanceof InfeasibleTargetException infeasible
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
    if (allocation.get() == null || subLayers.isEmpty()) {
      return;
    }
    Allocation kept = shownAllocation();
    startFromShownRun();
    boolean locked = subLayers.stream().allMatch(this::isLocked);
    Locks locks = state.get().locks();
    for (SubLayer subLayer : subLayers) {
      locks =
          locked ? locks.without(subLayer) : locks.with(subLayer, Hold.locked(kept.kept(subLayer)));
    }
    edit(
        "",
        messages.text(locked ? "edit.unlock" : "edit.lock", names(subLayers)),
        state.get().with(locks));
  }

  /** Sets what a sub-layer keeps by hand; locked ones stay as they are. */
  public void setKept(SubLayer subLayer, int kept) {
    PrunableModel model = editable();
    if (model == null) {
      return;
    }
    startFromShownRun();
    if (isLocked(subLayer)) {
      return;
    }
    int bounded = bounded(model, subLayer, kept);
    edit(
        "kept " + subLayer,
        messages.text("edit.kept", name(subLayer), bounded, model.units(subLayer)),
        state.get().with(state.get().locks().with(subLayer, Hold.handSet(bounded))));
  }

  /** Changes what a sub-layer keeps by some units, or to the next number that is allowed. */
  public void stepKept(SubLayer subLayer, int step) {
    PrunableModel model = editable();
    if (model != null) {
      setKept(subLayer, stepped(model, subLayer, shownAllocation().kept(subLayer), step));
    }
  }

  /** Sets the same kept share for several sub-layers; locked ones stay as they are. */
  public void setKeptShare(Collection<SubLayer> subLayers, double share) {
    setShare(subLayers, share, "edit.keptShare");
  }

  /** Changes what several sub-layers keep by a share of their units. */
  public void changeKept(Collection<SubLayer> subLayers, double share) {
    PrunableModel model = editable();
    if (model == null) {
      return;
    }
    Allocation kept = shownAllocation();
    startFromShownRun();
    Locks locks = state.get().locks();
    for (SubLayer subLayer : subLayers) {
      if (!isLocked(subLayer)) {
        int step = (int) Math.max(1, Math.round(Math.abs(share) * model.units(subLayer)));
        int wanted = stepped(model, subLayer, kept.kept(subLayer), share < 0 ? -step : step);
        locks = locks.with(subLayer, Hold.handSet(wanted));
      }
    }
    edit(
        "change " + subLayers,
        messages.text(share < 0 ? "edit.less" : "edit.more", names(subLayers)),
        state.get().with(locks));
  }

  /**
   * Sets these to one kept share, that at which they together keep as many parameters as now; they
   * are hand-set then. Locked ones stay as they are.
   */
  public void evenOut(Collection<SubLayer> subLayers) {
    PrunableModel model = editable();
    if (model == null) {
      return;
    }
    Allocation kept = shownAllocation();
    double parameters = 0;
    double stay = 0;
    for (SubLayer subLayer : subLayers) {
      if (!isLocked(subLayer)) {
        parameters += (double) model.units(subLayer) * model.parametersPerUnit(subLayer);
        stay += (double) kept.kept(subLayer) * model.parametersPerUnit(subLayer);
      }
    }
    if (parameters > 0) {
      setShare(subLayers, stay / parameters, "edit.evenOut");
      closeGesture();
    }
  }

  private void setShare(Collection<SubLayer> subLayers, double share, String key) {
    PrunableModel model = editable();
    if (model == null) {
      return;
    }
    startFromShownRun();
    Locks locks = state.get().locks();
    for (SubLayer subLayer : subLayers) {
      if (!isLocked(subLayer)) {
        int wanted = (int) Math.round(share * model.units(subLayer));
        locks = locks.with(subLayer, Hold.handSet(bounded(model, subLayer, wanted)));
      }
    }
    edit(
        "share " + subLayers,
        messages.text(key, names(subLayers), 100 * share),
        state.get().with(locks));
  }

  /** Lets the sub-layer take part in the re-solve again. */
  public void release(SubLayer subLayer) {
    release(Set.of(subLayer));
  }

  /** Lets all of these take part in the re-solve again. */
  public void release(Collection<SubLayer> subLayers) {
    startFromShownRun();
    Locks locks = state.get().locks();
    for (SubLayer subLayer : subLayers) {
      locks = locks.without(subLayer);
    }
    edit("", messages.text("edit.release", names(subLayers)), state.get().with(locks));
  }

  /** As {@link #release}, and leaves units picked by hand to their scores again. */
  public void reset(Collection<SubLayer> subLayers) {
    startFromShownRun();
    Locks locks = state.get().locks();
    for (SubLayer subLayer : subLayers) {
      locks = locks.without(subLayer).withPicked(subLayer, HandPicked.NONE);
    }
    edit("", messages.text("edit.reset", names(subLayers)), state.get().with(locks));
  }

  /** Frees every sub-layer and leaves every unit to its score. */
  public void releaseAll() {
    startFromShownRun();
    edit("", messages.text("edit.releaseAll"), state.get().with(Locks.NONE));
  }

  /** Keeps or drops one unit by hand, or leaves it to its score; not in locked sub-layers. */
  public void pick(SubLayer subLayer, int unit, Fate fate) {
    PrunableModel model = editable();
    if (model == null || unit < 0 || unit >= model.units(subLayer)) {
      return;
    }
    startFromShownRun();
    if (isLocked(subLayer)) {
      return;
    }
    Locks locks = state.get().locks();
    HandPicked before = locks.pickedOf(subLayer);
    HandPicked picked =
        switch (fate) {
          case KEPT_BY_HAND -> before.keeping(unit);
          case DROPPED_BY_HAND -> before.dropping(unit);
          case BY_SCORE -> before.leaving(unit);
        };
    locks = locks.withPicked(subLayer, picked);
    Optional<Hold> hold = locks.of(subLayer);
    if (hold.isPresent()) {
      int most = picked.most(model.units(subLayer));
      int kept = Math.max(picked.least(), Math.min(most, hold.get().keptUnits()));
      locks = locks.with(subLayer, Hold.handSet(kept));
    }
    edit(
        "",
        messages.text(
            "edit.pick." + fate,
            messages.text("hover.unit." + subLayer.kind(), unit),
            name(subLayer)),
        state.get().with(locks));
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
    if (allocation.get() == null || !settled.get()) {
      return;
    }
    String plain = name.isBlank() ? suggestedSnapshot() : name.strip();
    if (snapshots.size() == SNAPSHOTS_AT_MOST) {
      snapshots.remove(0);
    }
    snapshots.add(new Snapshot(plain, state.get(), allocation.get()));
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
    PrunableModel model = session.checkpoint().get().model();
    Optional<Analysis> analysis = Optional.ofNullable(session.analysis().get());
    return new SavedDraft(
        session.checkpoint().get().name(),
        model.blocks().stream().map(PrunableModel.Block::headGroups).toList(),
        model.blocks().stream().map(PrunableModel.Block::channels).toList(),
        analysis.map(measured -> measured.method().name()).orElse(""),
        analysis.map(measured -> measured.request().parameters()).orElse(Map.of()),
        analysis.map(Analysis::calibration).orElse(""),
        settled.get() ? Optional.ofNullable(allocation.get()) : Optional.empty(),
        snapshots.stream()
            .map(
                snapshot ->
                    new SavedDraft.Snapshot(
                        snapshot.name(), plain(snapshot.state()), snapshot.allocation()))
            .toList(),
        edits.steps().stream()
            .map(step -> new SavedDraft.Step(step.description(), plain(step.after())))
            .toList(),
        edits.position());
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
    snapshots.setAll(
        saved.snapshots().stream()
            .map(
                snapshot ->
                    new Snapshot(snapshot.name(), state(snapshot.state()), snapshot.allocation()))
            .toList());
    edits.resume(
        saved.history().stream()
            .map(step -> new EditHistory.Step<>(step.description(), state(step.state())))
            .toList(),
        saved.position());
    take(state(saved.state()));
  }

  public boolean isLocked(SubLayer subLayer) {
    return state.get().locks().of(subLayer).filter(hold -> !hold.editable()).isPresent();
  }

  private static SavedDraft.State plain(DraftState state) {
    return new SavedDraft.State(
        state.name(),
        state.target(),
        state.locks(),
        state.allocator(),
        state.destination().target(),
        state.destination().channelMultiple());
  }

  private static DraftState state(SavedDraft.State plain) {
    return new DraftState(
        plain.target(),
        plain.locks(),
        plain.name(),
        plain.allocator(),
        new Destination(plain.runsOn(), plain.channelMultiple()));
  }

  /** The model once rows answer to edits, else null. */
  private PrunableModel editable() {
    Analysis analysis = session.analysis().get();
    return analysis == null || allocation.get() == null ? null : analysis.checkpoint().model();
  }

  /** The nearest number that hand-picked units and the place where it will run allow. */
  private int bounded(PrunableModel model, SubLayer subLayer, int kept) {
    HandPicked picked = state.get().locks().pickedOf(subLayer);
    int most = picked.most(model.units(subLayer));
    return session
        .analysis()
        .get()
        .constraint()
        .nearest(model, subLayer, kept, picked.least(), most)
        .orElseGet(() -> Math.max(picked.least(), Math.min(most, kept)));
  }

  /** As {@link #bounded}, but away from where it stands. */
  private int stepped(PrunableModel model, SubLayer subLayer, int kept, int step) {
    HandPicked picked = state.get().locks().pickedOf(subLayer);
    int most = picked.most(model.units(subLayer));
    return session
        .analysis()
        .get()
        .constraint()
        .nearest(
            model,
            subLayer,
            kept + step,
            step > 0 ? kept + 1 : picked.least(),
            step > 0 ? most : Math.min(most, kept - 1))
        .orElse(kept);
  }

  private Allocation shownAllocation() {
    return session
        .shownRun()
        .filter(session::belongsHere)
        .map(Run::allocation)
        .orElse(allocation.get());
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
      solve();
    }
  }

  private void startOver() {
    DraftState fresh =
        new DraftState(state.get().target(), Locks.NONE).runningOn(session.destination().get());
    edits.startOver(fresh);
    snapshots.clear();
    allocation.set(null);
    refusal.set(null);
    settled.set(false);
    state.set(fresh);
    tellHistory();
  }

  private void solve() {
    settled.set(false);
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      free = Optional.empty();
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
    boolean newest = answer.question().state().asksTheSameAs(state.get());
    if (answer instanceof Answer.Solved solved) {
      proposal = solved.proposal();
      free = solved.free();
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

  private String names(Collection<SubLayer> subLayers) {
    if (subLayers.size() == 1) {
      return name(subLayers.iterator().next());
    }
    long blocks = subLayers.stream().map(SubLayer::block).distinct().count();
    return blocks == 1 && subLayers.size() == 2
        ? messages.text("subLayer.block", number(subLayers.iterator().next()))
        : messages.text("subLayer.several", subLayers.size());
  }

  private String name(SubLayer subLayer) {
    return messages.text("subLayer." + subLayer.kind().name(), number(subLayer));
  }

  private int number(SubLayer subLayer) {
    return session.checkpoint().get().model().number(subLayer.block());
  }
}
