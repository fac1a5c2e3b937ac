package org.espalier.ui.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import org.espalier.allocation.Locks;
import org.espalier.pruning.MethodDescription;
import org.espalier.report.heatmap.Overlay;
import org.espalier.ui.allocation.RunNames;
import org.espalier.ui.evaluation.EvaluationViewModel;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.CalibrationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/**
 * Holds the shown run against another method at the same target: one more run, without locks, laid
 * over the shown one and measured on the same windows.
 */
public final class SameTarget {
  private final Workbench workbench;
  private final Session session;
  private final MethodViewModel method;
  private final EvaluationViewModel evaluation;
  private final ObjectProperty<Optional<Overlay>> overlay;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final Messages messages;

  public SameTarget(
      Workbench workbench,
      Session session,
      MethodViewModel method,
      EvaluationViewModel evaluation,
      ObjectProperty<Optional<Overlay>> overlay,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.method = method;
    this.evaluation = evaluation;
    this.overlay = overlay;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.messages = messages;
  }

  /** The shown run, if another can be made from the open checkpoint to hold against it. */
  public Optional<Run> shown() {
    return session.shownRun().filter(session::belongsHere);
  }

  public List<MethodDescription> methods() {
    return method.methods();
  }

  /** Analyses with the calibration of the present analysis, prunes and measures. */
  public void start(MethodDescription other) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    Optional<Run> run = shown();
    Optional<CalibrationRequest> calibration =
        Optional.ofNullable(session.analysis().get())
            .map(analysis -> analysis.request().calibration())
            .or(method::calibrationRequest);
    if (run.isPresent() && calibration.isPresent()) {
      AnalysisRequest request =
          new AnalysisRequest(other.name(), Map.of(), calibration.get())
              .runningOn(session.destination().get());
      follower.follow(
          workbench.analyse(checkpoint, request), analysis -> prune(run.get(), analysis));
    }
  }

  private void prune(Run known, Analysis analysis) {
    String name = RunNames.free(session, analysis.method(), known.target(), messages);
    PruneRequest request =
        new PruneRequest(known.target(), Locks.NONE, name, Optional.empty(), false);
    Job<Run> job = workbench.prune(analysis, request);
    follower
        .unfinished()
        .track(job, MethodViewModel.unfinished(job, session.place(), analysis, request));
    follower.follow(
        job,
        made -> {
          session.runsChanged(workbench.runs());
          if (session.belongsHere(made)) {
            evaluation.measureLike(known, made);
            lay(made, known);
          }
        });
  }

  private void lay(Run made, Run known) {
    if (shown().map(Run::id).filter(known.id()::equals).isPresent()) {
      overlay.set(Optional.of(new Overlay(made.name(), made.allocation())));
    }
    notices.offer(
        new Notices.Offer(
            messages.text("compare.pruned", made.name(), known.name()),
            messages.text("compare.runs"),
            () -> sheets.open().set(Sheets.Sheet.COMPARISON)));
  }
}
