package org.espalier.ui.restore;

import java.util.Optional;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.recovery.RecoveryViewModel;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.toolbar.ToolbarViewModel;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** Offers to go on with jobs that the last window left unfinished. */
public final class JobResumer {
  private final Workbench workbench;
  private final Session session;
  private final CheckpointOpening opening;
  private final ToolbarViewModel toolbar;
  private final RecoveryViewModel recovery;
  private final UnfinishedJobs unfinished;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;

  public JobResumer(
      Workbench workbench,
      Session session,
      CheckpointOpening opening,
      ToolbarViewModel toolbar,
      RecoveryViewModel recovery,
      UnfinishedJobs unfinished,
      JobFollower follower,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.opening = opening;
    this.toolbar = toolbar;
    this.recovery = recovery;
    this.unfinished = unfinished;
    this.follower = follower;
    this.notices = notices;
    this.messages = messages;
  }

  /** Offers each of them; one that is dismissed is forgotten. */
  public void offerAll() {
    unfinished.jobs().forEach(this::offer);
  }

  private void offer(UnfinishedJob job) {
    notices.offer(
        new Notices.Offer(
            messages.text("resume.offer", job.title()),
            messages.text("resume.goOn"),
            () -> goOn(job),
            () -> unfinished.forget(job)));
  }

  private void goOn(UnfinishedJob job) {
    if (job instanceof UnfinishedJob.Pruning pruning) {
      goOnPruning(pruning);
    } else if (job instanceof UnfinishedJob.Training training) {
      goOnTraining(training);
    }
  }

  private void goOnPruning(UnfinishedJob.Pruning pruning) {
    OpenedCheckpoint open = session.checkpoint().get();
    if (open == null || !opening.present().equals(pruning.checkpoint())) {
      notices.tell(
          messages.text(
              "resume.openFirst",
              pruning
                  .checkpoint()
                  .map(Object::toString)
                  .orElseGet(() -> messages.text("resume.sample")),
              pruning.title()));
      offer(pruning);
      return;
    }
    follower.follow(
        workbench.analyse(open, MethodViewModel.request(pruning.analysed())),
        analysis ->
            toolbar.prune(
                analysis,
                new PruneRequest(
                    pruning.wanted().target(),
                    pruning.wanted().locks(),
                    pruning.wanted().name(),
                    Optional.empty(),
                    false)));
  }

  private void goOnTraining(UnfinishedJob.Training training) {
    Optional<Run> run =
        session.runs().stream().filter(known -> known.id().equals(training.run())).findFirst();
    if (run.isEmpty()) {
      unfinished.forget(training);
      notices.tell(messages.text("resume.runGone", training.title()));
    } else {
      recovery.goOn(run.get(), training);
    }
  }
}
