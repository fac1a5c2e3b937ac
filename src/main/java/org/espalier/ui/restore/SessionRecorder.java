package org.espalier.ui.restore;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.Notices;
import org.espalier.workspace.SavedSession;
import org.espalier.workspace.SessionStore;

/**
 * Keeps what the window shows, shortly after each change and off the UI thread: a killed program
 * loses what was done in about a second. Used on the UI thread.
 */
public final class SessionRecorder {
  private static final Duration DELAY = Duration.ofMillis(700);

  private final SessionStore store;
  private final Supplier<Optional<SavedSession>> present;
  private final UiExecutor executor;
  private final Notices notices;
  private boolean recording;
  private boolean scheduled;
  private boolean writing;
  private boolean changedMeanwhile;
  private boolean failed;
  private SavedSession written;

  /**
   * @param present what the window shows; empty while there is nothing to keep
   */
  public SessionRecorder(
      SessionStore store,
      Supplier<Optional<SavedSession>> present,
      UiExecutor executor,
      Notices notices) {
    this.store = store;
    this.present = present;
    this.executor = executor;
    this.notices = notices;
  }

  /** Begins to record; what the last window left must have been taken over by then. */
  public void start() {
    recording = true;
    changed();
  }

  /** Something that is kept may have changed. */
  public void changed() {
    if (!recording || scheduled) {
      return;
    }
    if (writing) {
      changedMeanwhile = true;
      return;
    }
    scheduled = true;
    executor.onUiAfter(DELAY, this::save);
  }

  private void save() {
    scheduled = false;
    if (!recording) {
      return;
    }
    Optional<SavedSession> session = present.get();
    if (session.isEmpty() || session.get().equals(written)) {
      return;
    }
    writing = true;
    executor.inBackground(
        () -> {
          Optional<EspalierException> failure = write(session.get());
          executor.onUi(() -> saved(session.get(), failure));
        });
  }

  private Optional<EspalierException> write(SavedSession session) {
    try {
      store.write(session);
      return Optional.empty();
    } catch (EspalierException e) {
      return Optional.of(e);
    }
  }

  private void saved(SavedSession session, Optional<EspalierException> failure) {
    writing = false;
    if (failure.isEmpty()) {
      written = session;
    } else if (!failed) {
      // Told once: a full disk would repeat it with every edit.
      notices.tell(failure.get());
    }
    failed = failure.isPresent();
    if (changedMeanwhile) {
      changedMeanwhile = false;
      changed();
    }
  }

  /** Keeps the last state before the window goes, and nothing after it; waits for the disk. */
  public void finish() {
    if (recording) {
      recording = false;
      present.get().ifPresent(this::write);
    }
  }
}
