package org.espalier.ui.restore;

import java.util.Optional;
import org.espalier.task.EspalierException;
import org.espalier.workspace.SavedSession;
import org.espalier.workspace.SessionStore;

/**
 * What the last window left.
 *
 * @param problem why it cannot be taken up, in a sentence
 */
public record LastSession(Optional<SavedSession> session, Optional<String> problem) {
  /** Reads it; waits for the disk. */
  public static LastSession read(SessionStore store) {
    try {
      return new LastSession(store.read(), Optional.empty());
    } catch (EspalierException damaged) {
      return new LastSession(Optional.empty(), Optional.of(damaged.getMessage()));
    }
  }
}
