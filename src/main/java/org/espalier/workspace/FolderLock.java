package org.espalier.workspace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.espalier.task.EspalierException;

/**
 * A lock file, so that two programs (and two threads of one program) take turns. The operating
 * system releases it when its holder dies, however it dies. Not re-entrant; any thread may close
 * it.
 */
final class FolderLock implements AutoCloseable {
  // A file lock is held by the whole JVM, so its threads need a lock of their own in front of it.
  private static final Map<Path, Semaphore> TURNS = new ConcurrentHashMap<>();

  private final Path file;
  private final Semaphore turn;
  private final FileChannel channel;

  private FolderLock(Path file, Semaphore turn, FileChannel channel) {
    this.file = file;
    this.turn = turn;
    this.channel = channel;
  }

  /** Waits for the lock. */
  static FolderLock acquire(Path file) {
    Semaphore turn = turn(file);
    turn.acquireUninterruptibly();
    return locked(file, turn, true).orElseThrow();
  }

  /** Takes the lock if nobody holds it. */
  static Optional<FolderLock> tryAcquire(Path file) {
    Semaphore turn = turn(file);
    return turn.tryAcquire() ? locked(file, turn, false) : Optional.empty();
  }

  private static Semaphore turn(Path file) {
    return TURNS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new Semaphore(1, true));
  }

  private static Optional<FolderLock> locked(Path file, Semaphore turn, boolean wait) {
    FolderLock lock = null;
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = new FolderLock(file, turn, channel);
        Object opened = key(file);
        boolean held = wait ? channel.lock().isValid() : channel.tryLock() != null;
        if (!held) {
          lock.close();
          return Optional.empty();
        }
        // Its last holder may have removed the file between our opening and locking it.
        if (Files.exists(file) && Objects.equals(opened, key(file))) {
          return Optional.of(lock);
        }
        channel.close();
      }
    } catch (IOException e) {
      if (lock == null) {
        turn.release();
      } else {
        lock.close();
      }
      throw new EspalierException("Cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return new Object();
    }
  }

  /** Writes a line into the lock file, for whoever finds it after its holder died. */
  void note(String text) {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      channel.force(false);
    } catch (IOException e) {
      throw new EspalierException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Gives the lock back and leaves no file behind. */
  void closeAndDelete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Windows keeps open files; an empty lock file does no harm.
      return;
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Closing gives the lock back even when it reports an error.
      return;
    } finally {
      turn.release();
    }
  }
}
