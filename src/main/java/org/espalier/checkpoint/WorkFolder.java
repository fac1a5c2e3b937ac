package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hidden sibling in which a folder is prepared before it appears under its final name.
 *
 * <p>Beside it lies a lock file that its process keeps locked. The system drops the lock when the
 * process ends, however it ends, so a later writer can tell an abandoned folder from one that is
 * still being written, by whatever process on whatever machine.
 */
final class WorkFolder implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(WorkFolder.class);
  private static final String WRITING = ".espalier-writing-";
  private static final String REPLACED = ".espalier-replaced-";
  private static final String LOCK = ".lock";

  /** Groups: final name, state; then process id and a random part. */
  private static final Pattern LEFTOVER =
      Pattern.compile(
          "\\.(.+)("
              + Pattern.quote(WRITING)
              + "|"
              + Pattern.quote(REPLACED)
              + ")\\d+-[0-9a-f]{8}");

  private final Path target;
  private final String suffix;
  private final Path folder;
  private final Path lockFile;
  private final FileChannel lockChannel;

  private WorkFolder(Path target, String suffix, FileChannel lockChannel) {
    this.target = target;
    this.suffix = suffix;
    this.folder = sibling(target, WRITING, suffix);
    this.lockFile = lockOf(folder);
    this.lockChannel = lockChannel;
  }

  /** Makes an empty work folder beside the target. */
  static WorkFolder create(Path target) throws IOException {
    Path parent = target.getParent();
    Files.createDirectories(parent);
    String suffix =
        String.format(
            Locale.ROOT,
            "%d-%08x",
            ProcessHandle.current().pid(),
            ThreadLocalRandom.current().nextInt());
    Path lockFile = lockOf(sibling(target, WRITING, suffix));
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    WorkFolder work = new WorkFolder(target, suffix, channel);
    try {
      lockIfPossible(channel);
      Files.createDirectory(work.folder);
      return work;
    } catch (IOException | RuntimeException e) {
      work.close();
      throw e;
    }
  }

  /**
   * Some network file systems know no locks. Writing still works there; what a killed writer leaves
   * then stays, because nobody can tell that it is abandoned.
   */
  private static void lockIfPossible(FileChannel channel) {
    try {
      channel.lock();
    } catch (IOException e) {
      LOGGER.debug("no file locks here", e);
    }
  }

  private static Path sibling(Path target, String state, String suffix) {
    return target.resolveSibling("." + target.getFileName() + state + suffix);
  }

  private static Path lockOf(Path workFolder) {
    return workFolder.resolveSibling(workFolder.getFileName() + LOCK);
  }

  Path path() {
    return folder;
  }

  /** Flushes everything to the disk and moves the folder to its final name in one step. */
  void publish() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        force(entry);
      }
    }
    forceFolder(folder);
    Path replaced = sibling(target, REPLACED, suffix);
    boolean replacing = Files.exists(target);
    if (replacing) {
      Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (replacing) {
        Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
    forceFolder(target.getParent());
    if (replacing) {
      deleteTree(replaced);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    // Windows cannot open a folder as a file and needs no such flush.
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Removes the folder unless it was published. */
  @Override
  public void close() throws IOException {
    try {
      deleteTree(folder);
    } finally {
      lockChannel.close();
      Files.deleteIfExists(lockFile);
    }
  }

  /**
   * Clears a folder of what writers left that were killed: half-written folders are deleted, and a
   * folder that was being replaced gets its name back if the new one never arrived.
   */
  static void removeAbandoned(Path parent) throws IOException {
    List<Path> locks = new ArrayList<>();
    try (Stream<Path> entries = Files.list(parent)) {
      entries.filter(entry -> isLeftoverLock(entry)).forEach(locks::add);
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path lock : locks) {
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
          FileLock held = channel.tryLock()) {
        if (held != null) {
          clear(lock);
        }
      } catch (OverlappingFileLockException | IOException e) {
        // Being written by another thread, finished meanwhile, or somebody else's: leave it.
      }
    }
  }

  private static boolean isLeftoverLock(Path entry) {
    String name = entry.getFileName().toString();
    return name.endsWith(LOCK)
        && LEFTOVER.matcher(name.substring(0, name.length() - LOCK.length())).matches();
  }

  private static void clear(Path lock) throws IOException {
    String lockName = lock.getFileName().toString();
    String name = lockName.substring(0, lockName.length() - LOCK.length());
    Matcher matcher = LEFTOVER.matcher(name);
    if (!matcher.matches()) {
      return;
    }
    deleteTree(lock.resolveSibling(name));
    Path target = lock.resolveSibling(matcher.group(1));
    Path replaced = lock.resolveSibling(name.replace(WRITING, REPLACED));
    if (Files.exists(replaced) && !Files.exists(target)) {
      Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      deleteTree(replaced);
    }
    Files.deleteIfExists(lock);
  }

  /** Deletes a folder with all it holds, without following links; does nothing if it is gone. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
