package org.espalier.workspace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/** Durable operations on folders. */
final class Folders {
  private Folders() {}

  static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot create the folder "
              + folder
              + " ("
              + e.getMessage()
              + "); choose a place that can be written to",
          e);
    }
  }

  /** The path with links resolved as far as it exists. */
  static Path real(Path path) {
    Path existing = path;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return path;
    }
    try {
      return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    } catch (IOException e) {
      throw new EspalierException("Cannot read " + existing + ": " + e.getMessage(), e);
    }
  }

  /** Moves a folder in one step; the target must not exist. */
  static void move(Path from, Path to) {
    if (Files.exists(to)) {
      throw new EspalierException(to + " exists already; choose another folder");
    }
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      sync(to.toAbsolutePath().getParent());
      sync(from.toAbsolutePath().getParent());
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      throw new EspalierException(to + " exists already; choose another folder", e);
    } catch (AtomicMoveNotSupportedException e) {
      throw new EspalierException(
          "Cannot move " + from + " to " + to + ": they lie on different file systems", e);
    } catch (IOException e) {
      throw new EspalierException("Cannot move " + from + " to " + to + ": " + e.getMessage(), e);
    }
  }

  /** Removes a folder and everything in it, without following links; gone already is fine. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Makes every file of a folder durable, and the folder itself. */
  static void syncAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    sync(folder);
  }

  /** Makes the names in a folder durable, where the system lets a folder be opened. */
  static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open folders; its file system journals names by itself.
      return;
    }
  }
}
