package org.espalier.ui.start;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.UserPreferences;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;

/** Folders with models that nobody has to look for: opened before, or dropped on the window. */
public final class ModelFolders {
  private final CheckpointOpening opening;
  private final UserPreferences preferences;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;

  public ModelFolders(
      CheckpointOpening opening,
      UserPreferences preferences,
      JobFollower follower,
      Notices notices,
      Messages messages) {
    this.opening = opening;
    this.preferences = preferences;
    this.follower = follower;
    this.notices = notices;
    this.messages = messages;
  }

  /** Folders opened before, newest first. */
  public List<Path> recent() {
    return preferences.recent();
  }

  /** Opens a folder again; one that has vanished is said and no longer offered. */
  public void openAgain(Path folder) {
    follower.ask(
        () -> Files.isDirectory(folder),
        there -> {
          if (there) {
            opening.open(Optional.of(folder));
          } else {
            preferences.removeRecent(folder);
            notices.tell(messages.text("recent.vanished", folder));
          }
        });
  }

  /** Opens what was dropped: a model's folder, or a file in it. */
  public void openDropped(List<Path> dropped) {
    if (dropped.size() != 1) {
      notices.tell(messages.text("drop.several", dropped.size()));
      return;
    }
    Path place = dropped.get(0);
    follower.ask(
        () -> Files.isDirectory(place) ? place : place.toAbsolutePath().getParent(),
        folder -> opening.open(Optional.of(folder)));
  }
}
