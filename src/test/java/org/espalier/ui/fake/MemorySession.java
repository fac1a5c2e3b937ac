package org.espalier.ui.fake;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.task.EspalierException;
import org.espalier.workspace.SavedDraft;
import org.espalier.workspace.SavedSession;
import org.espalier.workspace.SessionStore;

/** A session that lasts as long as the test. */
public final class MemorySession implements SessionStore {
  private volatile SavedSession session;
  private volatile SavedDraft kept;
  private volatile String failure = "";
  private volatile int writes;

  @Override
  public Optional<SavedSession> read() {
    if (!failure.isEmpty()) {
      throw new EspalierException(failure);
    }
    return Optional.ofNullable(session);
  }

  @Override
  public void write(SavedSession written) {
    if (!failure.isEmpty()) {
      throw new EspalierException(failure);
    }
    session = written;
    writes++;
  }

  @Override
  public Path keep(SavedDraft draft) {
    kept = draft;
    return Path.of("/kept/draft.json");
  }

  /** The draft that was put aside. */
  public Optional<SavedDraft> kept() {
    return Optional.ofNullable(kept);
  }

  /** Fails from now on; not for an empty sentence. */
  public void failWith(String sentence) {
    failure = sentence;
  }

  public int writes() {
    return writes;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
