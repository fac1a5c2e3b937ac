package org.espalier.workspace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.espalier.task.EspalierException;

/**
 * Sessions in a folder of the workspace: {@code window-1.json} for the first window that is open,
 * {@code window-2.json} for one beside it, and so on. Each is locked by its window, so that no
 * program writes over the session of another.
 */
final class SessionFiles implements SessionStore {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path file;
  private final FolderLock lock;
  private final Clock clock;

  private SessionFiles(Path file, FolderLock lock, Clock clock) {
    this.file = file;
    this.lock = lock;
    this.clock = clock;
  }

  /** Takes the first session that no other window has. */
  static SessionFiles open(Path folder, Clock clock) {
    Folders.create(folder);
    for (int window = 1; ; window++) {
      Path file = folder.resolve("window-" + window + ".json");
      Optional<FolderLock> lock =
          FolderLock.tryAcquire(folder.resolve("window-" + window + ".lock"));
      if (lock.isPresent()) {
        return new SessionFiles(file, lock.get(), clock);
      }
    }
  }

  @Override
  public synchronized Optional<SavedSession> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(SessionJson.read(file));
    } catch (EspalierException e) {
      Path aside = free("damaged-session", ".json");
      Folders.move(file, aside);
      throw new EspalierException(
          "The last session could not be read and was set aside as "
              + aside
              + ": "
              + e.getMessage()
              + ". Runs are not touched by that.",
          e);
    }
  }

  @Override
  public synchronized void write(SavedSession session) {
    SessionJson.write(file, session);
  }

  @Override
  public synchronized Path keep(SavedDraft draft) {
    Path kept = free("draft-" + plain(draft.checkpoint()), ".json");
    DraftFile.write(kept, draft);
    return kept;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** A name that nothing has yet. */
  private Path free(String name, String ending) {
    String stamped = name + "-" + STAMP.format(clock.instant());
    Path free = file.resolveSibling(stamped + ending);
    for (int number = 2; Files.exists(free); number++) {
      free = file.resolveSibling(stamped + "-" + number + ending);
    }
    return free;
  }

  @Override
  public void close() {
    lock.close();
  }
}
