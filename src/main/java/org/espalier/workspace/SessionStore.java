package org.espalier.workspace;

import java.nio.file.Path;
import java.util.Optional;

/** Where the state of one window outlives it. Thread-safe; waits for the disk. */
public interface SessionStore extends AutoCloseable {
  /**
   * What the last window left; empty before the first.
   *
   * @throws org.espalier.task.EspalierException if it cannot be read; it is set aside then, so that
   *     the next call gives an empty answer
   */
  Optional<SavedSession> read();

  /**
   * Keeps a state in place of the one before; a killed program leaves one or the other whole.
   *
   * @throws org.espalier.task.EspalierException if it cannot be written
   */
  void write(SavedSession session);

  /**
   * Keeps a draft whose checkpoint is not there any more in a file of its own.
   *
   * @return the file, which can be opened as a draft
   */
  Path keep(SavedDraft draft);

  /** Leaves the place to the next window. */
  @Override
  void close();
}
