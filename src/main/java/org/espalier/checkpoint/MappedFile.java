package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/**
 * Read-only mapping of one file of any size, in windows that are mapped when first needed.
 *
 * <p>Window {@code k} starts at {@code k} GiB and reaches up to 2 GiB further, so that every slice
 * of at most 1 GiB lies in one window and a file needs few mappings. The system frees a window once
 * neither this object nor any slice is reachable.
 */
final class MappedFile {
  private static final long STEP = 1L << 30;

  private final Path file;
  private final long size;
  private final FileTime modified;
  private final Map<Long, MappedByteBuffer> windows = new HashMap<>();

  MappedFile(Path file) {
    this.file = file;
    try {
      this.size = Files.size(file);
      this.modified = Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** Bytes {@code offset} to {@code offset + count}, little-endian. */
  synchronized ByteBuffer slice(long offset, int count) {
    if (count == 0) {
      return ByteBuffer.allocateDirect(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    requireUnchanged();
    ByteBuffer slice;
    if (count > STEP) {
      slice = map(offset, count);
    } else {
      long window = offset / STEP;
      slice =
          windows
              .computeIfAbsent(
                  window, k -> map(k * STEP, Math.min(size - k * STEP, Integer.MAX_VALUE)))
              .slice((int) (offset - window * STEP), count);
    }
    return slice.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A mapped file that shrinks would end the process on access, so notice the change first. */
  private void requireUnchanged() {
    try {
      if (Files.size(file) != size || !Files.getLastModifiedTime(file).equals(modified)) {
        throw new CheckpointException(file, "has changed since it was opened; open it again");
      }
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read any more: " + e.getMessage(), e);
    }
  }

  private MappedByteBuffer map(long offset, long count) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, offset, count);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be mapped: " + e.getMessage(), e);
    }
  }

  synchronized void release() {
    windows.clear();
  }
}
