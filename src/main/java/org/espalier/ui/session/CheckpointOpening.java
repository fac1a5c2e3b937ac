package org.espalier.ui.session;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
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
  private final Notices notices;
  private final UserPreferences preferences;
  private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
  private Job<OpenedCheckpoint> newest;
  private Optional<Path> present = Optional.empty();

  public CheckpointOpening(
      Workbench workbench,
      Session session,
      JobFollower follower,
      Notices notices,
      UserPreferences preferences) {
    this.workbench = workbench;
    this.notices = notices;
    this.session = session;
    this.follower = follower;
    this.preferences = preferences;
  }

  public ReadOnlyBooleanProperty opening() {
    return opening.getReadOnlyProperty();
  }

  /** The folder of the open checkpoint; empty for the sample model. */
  public Optional<Path> present() {
    return present;
  }

  /** Opens a folder, or the sample model when there is none. */
  public void open(Optional<Path> folder) {
    open(folder, opened -> {}, notices::tell);
  }

  /** As {@link #open(Optional)}, for those who go on with it or tell a failure themselves. */
  public void open(
      Optional<Path> folder, Consumer<OpenedCheckpoint> onOpened, Consumer<Throwable> onFailure) {
    if (newest != null) {
      newest.cancel();
    }
    Job<OpenedCheckpoint> job = workbench.open(folder, preferences.device());
    newest = job;
    opening.set(true);
    follower.follow(
        job,
        opened -> take(job, folder, opened, onOpened),
        onFailure,
        () -> {
          if (job == newest) {
            opening.set(false);
          }
        });
  }

  /** Opens the present checkpoint again, on the device now preferred. */
  public void reopen() {
    if (session.checkpoint().get() != null) {
      open(present);
    }
  }

  private void take(
      Job<OpenedCheckpoint> job,
      Optional<Path> folder,
      OpenedCheckpoint opened,
      Consumer<OpenedCheckpoint> onOpened) {
    if (job != newest) {
      follower.inBackground(() -> workbench.close(opened));
      return;
    }
    OpenedCheckpoint before = session.checkpoint().get();
    present = folder;
    session.opened(opened);
    folder.ifPresent(preferences::addRecent);
    onOpened.accept(opened);
    if (before != null) {
      follower.inBackground(() -> workbench.close(before));
    }
  }
}
