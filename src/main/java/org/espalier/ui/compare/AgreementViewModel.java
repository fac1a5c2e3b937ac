package org.espalier.ui.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.ScoreAgreement;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.CalibrationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/** How far the methods of the compared runs agree: their scores of the dense model, measured. */
public final class AgreementViewModel {
  /**
   * What is known.
   *
   * @param protocol of the calibration, in words
   */
  public record Known(ScoreAgreement agreement, String protocol) {}

  private static final int FEWEST = 2;

  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Optional<Known>> known =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper measuring = new ReadOnlyBooleanWrapper();

  public AgreementViewModel(
      Workbench workbench,
      Session session,
      JobFollower follower,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.notices = notices;
    this.messages = messages;
    session.checkpoint().addListener((property, before, after) -> known.set(Optional.empty()));
  }

  public ReadOnlyObjectProperty<Optional<Known>> known() {
    return known.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty measuring() {
    return measuring.getReadOnlyProperty();
  }

  /** Whether it is settled which text the scores are made of. */
  boolean hasText() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    return session.analysis().get() != null || checkpoint != null && checkpoint.sample();
  }

  /**
   * Scores the open model with the method of every run, on the text of the analysis on screen; what
   * an earlier one measured is not measured again.
   */
  public void measure(List<Run> runs) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null || measuring.get()) {
      return;
    }
    Map<String, Run> newest = new LinkedHashMap<>();
    runs.forEach(run -> newest.put(run.method(), run));
    if (newest.size() < FEWEST) {
      notices.tell(messages.text("comparison.agreementFew"));
      return;
    }
    if (!hasText()) {
      notices.tell(messages.text("comparison.agreementText"));
      return;
    }
    Analysis shown = session.analysis().get();
    CalibrationRequest calibration =
        shown == null
            ? new CalibrationRequest(Optional.empty(), 0, 0, 0)
            : shown.request().calibration();
    measuring.set(true);
    Map<String, Job<Analysis>> jobs = new LinkedHashMap<>();
    newest.forEach(
        (method, run) ->
            jobs.put(
                method,
                workbench.analyse(
                    checkpoint,
                    new AnalysisRequest(method, parameters(method, run), calibration))));
    Job<Analysis> last = null;
    for (Job<Analysis> job : jobs.values()) {
      last = job;
    }
    follower.follow(last, analysis -> {}, failure -> {}, () -> compare(checkpoint, jobs));
  }

  /** Only what the method itself knows; runs also note how their target was shared out. */
  private Map<String, String> parameters(String method, Run run) {
    Map<String, String> own = new LinkedHashMap<>(run.parameters());
    own.keySet()
        .removeIf(
            name ->
                workbench.methods().stream()
                    .filter(description -> description.name().equals(method))
                    .noneMatch(description -> description.hasParameter(name)));
    return own;
  }

  /** The queue is one after the other: with the last job all have ended. */
  private void compare(OpenedCheckpoint checkpoint, Map<String, Job<Analysis>> jobs) {
    follower.ask(
        () -> {
          Map<String, ImportanceMap> scores = new LinkedHashMap<>();
          String protocol = "";
          Throwable failed = null;
          for (Map.Entry<String, Job<Analysis>> job : jobs.entrySet()) {
            try {
              Analysis analysis = job.getValue().result().join();
              scores.put(job.getKey(), analysis.importance());
              protocol = analysis.calibration().isEmpty() ? protocol : analysis.calibration();
            } catch (CompletionException | CancellationException e) {
              failed = e;
            }
          }
          return new Answer(
              new Known(ScoreAgreement.of(scores), protocol), Optional.ofNullable(failed));
        },
        answer -> {
          measuring.set(false);
          answer.failure().ifPresent(notices::tell);
          if (session.checkpoint().get() == checkpoint
              && !answer.known().agreement().pairs().isEmpty()) {
            known.set(Optional.of(answer.known()));
          }
        });
  }

  private record Answer(Known known, Optional<Throwable> failure) {}
}
