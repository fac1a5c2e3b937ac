package org.espalier.ui.toolbar;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.espalier.allocation.Target;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.RunNames;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** Opening a checkpoint and turning the draft into a run. */
public final class ToolbarViewModel {
  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final CheckpointOpening opening;
  private final UnfinishedJobs unfinished;
  private final JobFollower follower;
  private final FilePicker picker;
  private final Messages messages;
  private final ReadOnlyStringWrapper checkpoint = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper checkpointDetail = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<Run> pruned = new ReadOnlyObjectWrapper<>();
  private final BooleanBinding prunable;
  private final BooleanBinding analysable;

  public ToolbarViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      CheckpointOpening opening,
      UnfinishedJobs unfinished,
      JobFollower follower,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.opening = opening;
    this.unfinished = unfinished;
    this.follower = follower;
    this.picker = picker;
    this.messages = messages;
    checkpoint.bind(
        Bindings.createStringBinding(this::name, session.checkpoint(), opening.opening()));
    checkpointDetail.bind(Bindings.createStringBinding(this::detail, session.checkpoint()));
    analysable = Bindings.isNotNull(session.checkpoint()).and(Bindings.isNull(session.analysis()));
    prunable =
        Bindings.createBooleanBinding(
            () ->
                session.analysis().get() != null
                    && session.shown().get() instanceof Shown.Draft
                    && draft.settled().get()
                    && draft.refusal().get() == null,
            session.analysis(),
            session.shown(),
            draft.settled(),
            draft.refusal());
  }

  /** Name of what is open or being opened. */
  public ReadOnlyStringProperty checkpoint() {
    return checkpoint.getReadOnlyProperty();
  }

  /** "llama · 8 blocks · 3.42 M · BF16". */
  public ReadOnlyStringProperty checkpointDetail() {
    return checkpointDetail.getReadOnlyProperty();
  }

  /** True while the shown draft can become a run. */
  public BooleanBinding prunable() {
    return prunable;
  }

  /** True while what is open waits for its analysis. */
  public BooleanBinding analysable() {
    return analysable;
  }

  public void openSample() {
    opening.open(Optional.empty());
  }

  public void chooseFolder() {
    picker
        .pickFolder(messages.text("toolbar.pickFolder"))
        .ifPresent(folder -> opening.open(Optional.of(folder)));
  }

  /** Prunes the draft in the background; the run is shown when it is there. */
  public void prune() {
    if (!prunable.get()) {
      return;
    }
    Analysis analysis = session.analysis().get();
    Target target = draft.state().get().target();
    prune(
        analysis,
        new PruneRequest(
            target,
            draft.state().get().locks(),
            RunNames.free(session, analysis.method(), target, messages),
            Optional.empty(),
            false));
  }

  /** Prunes by an analysis of the open checkpoint, or goes on where that was stopped. */
  public void prune(Analysis analysis, PruneRequest request) {
    Job<Run> job = workbench.prune(analysis, request);
    unfinished.track(job, MethodViewModel.unfinished(job, session.place(), analysis, request));
    follower.follow(
        job,
        run -> {
          if (session.runs().stream().noneMatch(known -> known.id().equals(run.id()))) {
            session.runsChanged(workbench.runs());
          }
          if (session.belongsHere(run)) {
            session.shown().set(Shown.run(run));
          }
          pruned.set(run);
        });
  }

  /** Goes on with pruning that was stopped. */
  public void goOn(UnfinishedJob.Pruning stopped) {
    follower.follow(
        workbench.analyse(session.checkpoint().get(), MethodViewModel.request(stopped.analysed())),
        analysis ->
            prune(
                analysis,
                new PruneRequest(
                    stopped.wanted().target(),
                    stopped.wanted().locks(),
                    stopped.wanted().name(),
                    Optional.empty(),
                    false)));
  }

  /** The run that was pruned last; null before the first. */
  public ReadOnlyObjectProperty<Run> pruned() {
    return pruned.getReadOnlyProperty();
  }

  private String name() {
    if (opening.opening().get()) {
      return messages.text("toolbar.opening");
    }
    OpenedCheckpoint open = session.checkpoint().get();
    return open == null ? messages.text("toolbar.nothingOpen") : open.name();
  }

  private String detail() {
    OpenedCheckpoint open = session.checkpoint().get();
    return open == null
        ? ""
        : messages.text(
            "toolbar.detail",
            open.model().blocks().size(),
            Figures.parameters(open.model().totalParameters()),
            open.dtype());
  }
}
