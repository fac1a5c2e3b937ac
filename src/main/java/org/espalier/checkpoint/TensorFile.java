package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A single safetensors file beside a checkpoint rather than part of one. */
public final class TensorFile {
  private TensorFile() {}

  /** Hands over the bytes of one tensor. */
  @FunctionalInterface
  public interface Content {
    /**
     * Sends all bytes of a tensor, little-endian, part by part.
     *
     * @param file takes the parts
     */
    void write(TensorSpec tensor, Part file) throws IOException;
  }

  /** Takes consecutive bytes of a tensor. */
  @FunctionalInterface
  public interface Part {
    void write(ByteBuffer bytes) throws IOException;
  }

  /**
   * Writes tensors; the file appears complete and durable, or not at all.
   *
   * @throws CheckpointException if it cannot be written
   */
  public static void write(Path file, List<TensorSpec> tensors, Content content) {
    ShardLayout layout = ShardLayout.of(String.valueOf(file.getFileName()), tensors);
    Path absolute = file.toAbsolutePath();
    Path partial = null;
    try {
      Files.createDirectories(absolute.getParent());
      partial = Files.createTempFile(absolute.getParent(), ".tensors", ".partial");
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        writeFully(channel, layout.start());
        for (TensorSpec tensor : layout.tensors()) {
          content.write(tensor, bytes -> writeFully(channel, bytes));
        }
        channel.force(true);
      }
      Files.move(
          partial, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteQuietly(partial);
      throw new CheckpointException(file, null, "cannot be written: " + e.getMessage(), e);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The failure that brought us here is the one to tell.
    }
  }

  /**
   * Where the tensors of a file lie, in the order of their bytes.
   *
   * @throws CheckpointException if the file is damaged
   */
  public static List<TensorInfo> tensors(Path file) {
    return SafetensorsHeader.read(file).tensors();
  }
}
