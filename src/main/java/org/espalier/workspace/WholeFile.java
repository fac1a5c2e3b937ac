package org.espalier.workspace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.espalier.task.EspalierException;

/** Replaces files in one step. */
final class WholeFile {
  private WholeFile() {}

  /** Readers see the old content or the new, whole and durable, whatever happens in between. */
  static void write(Path file, byte[] bytes) {
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Folders.sync(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      removeQuietly(beside);
      throw new EspalierException(
          "Cannot write "
              + file
              + ": "
              + e.getMessage()
              + "; free some space and ask for it again: finished steps are kept",
          e);
    }
  }

  /** On a full disk half a file only takes room. */
  private static void removeQuietly(Path half) {
    try {
      Files.deleteIfExists(half);
    } catch (IOException e) {
      // It harms nobody: the next attempt writes over it.
      return;
    }
  }
}
