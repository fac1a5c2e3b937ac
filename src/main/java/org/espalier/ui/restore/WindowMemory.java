package org.espalier.ui.restore;

import java.util.Optional;
import javafx.scene.Parent;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.SavedSession;

/** Lets a window go on where the last one was left, and the next one where this one is left. */
public final class WindowMemory {
  private final CheckpointOpening opening;
  private final Notices notices;
  private final UnfinishedJobs unfinished;
  private final JobResumer resumer;
  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final SessionRestorer restorer;
  private final SessionRecorder recorder;
  private Optional<WindowLayout> layout = Optional.empty();

  public WindowMemory(
      Workbench workbench,
      Session session,
      Draft draft,
      MethodViewModel method,
      CheckpointOpening opening,
      PresentDetails details,
      UnfinishedJobs unfinished,
      JobResumer resumer,
      JobFollower follower,
      UiExecutor executor,
      Notices notices,
      Messages messages) {
    this.opening = opening;
    this.notices = notices;
    this.unfinished = unfinished;
    this.resumer = resumer;
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    restorer =
        new SessionRestorer(
            workbench, session, draft, method, opening, details, follower, notices, messages);
    PresentSession present =
        new PresentSession(
            session,
            draft,
            method,
            opening,
            () -> layout.map(WindowLayout::present).orElse(SavedSession.Layout.UNKNOWN),
            details,
            unfinished);
    recorder = new SessionRecorder(workbench.session(), present::saved, executor, notices);
    present.onChange(recorder::changed);
  }

  /** Remembers where things are in the window. */
  public void watch(Parent root) {
    layout = Optional.of(new WindowLayout(root, recorder::changed));
  }

  /** Takes up what the last window left, or opens the sample model; then begins to record. */
  public void begin(LastSession last) {
    last.problem().ifPresent(notices::tell);
    if (last.session().isEmpty()) {
      opening.open(
          Optional.empty(),
          opened -> recorder.start(),
          failure -> {
            notices.tell(failure);
            recorder.start();
          });
      return;
    }
    SavedSession left = last.session().get();
    layout.ifPresent(present -> present.restore(left.layout()));
    unfinished.leftOver(left.unfinished());
    resumer.offerAll();
    restorer.restore(left, recorder::start);
  }

  /** Looks for what other programs did to the runs while another window was in front. */
  public void cameToFront() {
    follower.ask(
        workbench::runs,
        runs -> {
          if (!runs.equals(session.runs())) {
            session.runsChanged(runs);
          }
        });
  }

  /** Keeps the last state before the window goes; waits for the disk. */
  public void finish() {
    recorder.finish();
  }
}
