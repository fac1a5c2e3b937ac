package org.espalier.ui.restore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.hub.HubModel;
import org.espalier.task.EspalierException;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.SavedSession;

/**
 * Goes on where the last window was left: opens its checkpoint, takes up its draft, analyses with
 * the same settings (from the cache) and shows what was shown.
 */
public final class SessionRestorer {
  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final MethodViewModel method;
  private final CheckpointOpening opening;
  private final PresentDetails details;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;

  public SessionRestorer(
      Workbench workbench,
      Session session,
      Draft draft,
      MethodViewModel method,
      CheckpointOpening opening,
      PresentDetails details,
      JobFollower follower,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.method = method;
    this.opening = opening;
    this.details = details;
    this.follower = follower;
    this.notices = notices;
    this.messages = messages;
  }

  /**
   * Restores a session; the sample model is opened where that is not possible.
   *
   * @param onSettled told once what is shown may be recorded again
   */
  public void restore(SavedSession saved, Runnable onSettled) {
    method.fill(saved.form());
    follower.ask(
        () -> folder(saved),
        found -> {
          if (saved.checkpoint().isPresent() && found.isEmpty()) {
            String gone =
                messages.text(
                    "restore.gone", saved.checkpointName(), saved.checkpoint().orElseThrow());
            openSampleInstead(saved, gone, onSettled);
          } else {
            opening.open(
                found,
                opened -> takeUp(saved, onSettled),
                failure ->
                    notices
                        .sentence(failure)
                        .ifPresentOrElse(
                            sentence -> openSampleInstead(saved, sentence, onSettled), onSettled));
          }
        });
  }

  /** Where the checkpoint is now; one of the hub may lie elsewhere in the cache than it did. */
  private Optional<Path> folder(SavedSession saved) {
    return saved
        .checkpoint()
        .flatMap(
            folder ->
                Files.isDirectory(folder) ? Optional.of(folder) : inHub(saved.checkpointName()));
  }

  private Optional<Path> inHub(String name) {
    try {
      return workbench.findModel(HubModel.parse(name));
    } catch (EspalierException noSuchName) {
      return Optional.empty();
    }
  }

  private void openSampleInstead(SavedSession saved, String reason, Runnable onSettled) {
    follower.ask(
        () -> workbench.session().keep(saved.draft()),
        file -> notices.tell(messages.text("restore.draftKept", reason, file)));
    opening.open(Optional.empty(), opened -> onSettled.run(), failure -> {});
  }

  private void takeUp(SavedSession saved, Runnable onSettled) {
    try {
      draft.open(saved.draft());
    } catch (EspalierException otherModel) {
      notices.tell(otherModel);
      onSettled.run();
      return;
    }
    details.restore(saved.details());
    saved.analysed().ifPresent(method::analyseAgain);
    onSettled.run();
    follower.ask(workbench::runs, runs -> show(saved.shown(), runs));
  }

  private void show(String shown, List<Run> runs) {
    session.runsChanged(runs);
    if (shown.equals(SavedSession.DENSE)) {
      session.shown().set(Shown.DENSE);
    } else {
      runs.stream()
          .filter(run -> run.id().equals(shown))
          .findFirst()
          .ifPresent(run -> session.shown().set(Shown.run(run)));
    }
  }
}
