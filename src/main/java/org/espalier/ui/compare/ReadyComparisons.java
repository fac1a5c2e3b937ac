package org.espalier.ui.compare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.espalier.ui.compare.ReportViewModel.Compared;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.ReadTexts;
import org.espalier.ui.session.Session;
import org.espalier.workbench.CalibrationRequest;
import org.espalier.workbench.ComparisonRequest;
import org.espalier.workbench.ComparisonResult;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.ReadyComparison;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.UnfinishedJob;

/** Starts comparisons that need nothing but the open model and, where it has none, its texts. */
public final class ReadyComparisons {
  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final Notices notices;
  private final FilePicker picker;
  private final ReportViewModel report;
  private final Messages messages;

  public ReadyComparisons(
      Workbench workbench,
      Session session,
      JobFollower follower,
      Notices notices,
      FilePicker picker,
      ReportViewModel report,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.notices = notices;
    this.picker = picker;
    this.report = report;
    this.messages = messages;
  }

  /** Runs in the background; its result is shown when it is done. */
  public void start(ReadyComparison ready) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    Optional<CalibrationRequest> calibration = calibration(checkpoint);
    Optional<EvaluationRequest> evaluation =
        calibration.isEmpty() ? Optional.empty() : evaluation(checkpoint);
    if (evaluation.isPresent()) {
      start(checkpoint, ready, calibration.get(), evaluation.get());
    }
  }

  /** Goes on with a comparison that was stopped. */
  public void goOn(UnfinishedJob.Comparing stopped) {
    Arrays.stream(ReadyComparison.values())
        .filter(known -> known.name().equals(stopped.comparison()))
        .findFirst()
        .ifPresent(
            ready ->
                start(
                    session.checkpoint().get(),
                    ready,
                    new CalibrationRequest(
                        stopped.calibration(), stopped.samples(), stopped.window(), stopped.seed()),
                    ReadTexts.request(stopped.text())));
  }

  private void start(
      OpenedCheckpoint checkpoint,
      ReadyComparison ready,
      CalibrationRequest calibration,
      EvaluationRequest evaluation) {
    ComparisonRequest request =
        new ComparisonRequest(
            ready.title(),
            ready.explanation(),
            ready.entries(workbench.methods(), ready.ratios()),
            calibration,
            evaluation,
            ready.baseline(),
            ready.speed(),
            Optional.empty());
    Job<ComparisonResult> job = workbench.compare(checkpoint, request, row -> {});
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Comparing(
                job.snapshot().title(),
                session.place(),
                ready.name(),
                calibration.file(),
                calibration.samples(),
                calibration.window(),
                calibration.seed(),
                ReadTexts.saved(evaluation)));
    follower.follow(
        job,
        result -> {
          report.take(new Compared(checkpoint.name(), request, result));
          notices.tell(messages.text("compare.done", ready.title()));
        });
  }

  /** The newest finished comparison. */
  public ReportViewModel report() {
    return report;
  }

  /** That of the analysis on screen, or the sample's own, or one that the person picks. */
  private Optional<CalibrationRequest> calibration(OpenedCheckpoint checkpoint) {
    if (session.analysis().get() != null) {
      CalibrationRequest used = session.analysis().get().request().calibration();
      if (used.file().isPresent() || checkpoint.sample()) {
        return Optional.of(used);
      }
    }
    return text(checkpoint, "compare.pickCalibration")
        .map(file -> new CalibrationRequest(file, 0, 0, 0));
  }

  private Optional<EvaluationRequest> evaluation(OpenedCheckpoint checkpoint) {
    return text(checkpoint, "compare.pickEvaluation")
        .map(file -> new EvaluationRequest(file, 0, 0));
  }

  /** Empty if the person changed their mind; the file is empty for the sample's own text. */
  private Optional<Optional<Path>> text(OpenedCheckpoint checkpoint, String title) {
    return checkpoint.sample()
        ? Optional.of(Optional.empty())
        : picker.pickText(messages.text(title)).map(Optional::of);
  }
}
