package org.espalier.ui.session;

import java.nio.file.Path;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import org.espalier.ui.preferences.UserPreferences;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.Workbench;

/** Opens a checkpoint in place of the present one. The newest wish wins. */
public final class CheckpointOpening {
  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final UserPreferences preferences;
  private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
  private Job<OpenedCheckpoint> newest;

  public CheckpointOpening(
      Workbench workbench, Session session, JobFollower follower, UserPreferences preferences) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.preferences = preferences;
  }

  public ReadOnlyBooleanProperty opening() {
    return opening.getReadOnlyProperty();
  }

  /** Opens a folder, or the sample model when there is none. */
  public void open(Optional<Path> folder) {
    if (newest != null) {
      newest.cancel();
    }
    Job<OpenedCheckpoint> job = workbench.open(folder, preferences.device());
    newest = job;
    opening.set(true);
    follower.follow(
        job,
        opened -> take(job, opened),
        () -> {
          if (job == newest) {
            opening.set(false);
          }
        });
  }

  /** Opens the present checkpoint again, on the device now preferred. */
  public void reopen() {
    OpenedCheckpoint present = session.checkpoint().get();
    if (present != null) {
      open(present.sample() ? Optional.empty() : Optional.of(present.folder()));
    }
  }

  private void take(Job<OpenedCheckpoint> job, OpenedCheckpoint opened) {
    if (job != newest) {
      follower.inBackground(() -> workbench.close(opened));
      return;
    }
    OpenedCheckpoint before = session.checkpoint().get();
    session.opened(opened);
    if (!opened.sample()) {
      preferences.addRecent(opened.folder());
    }
    if (before != null) {
      follower.inBackground(() -> workbench.close(before));
    }
  }
}
