package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A single safetensors file of named double-precision vectors: statistics and compensations, beside
 * a checkpoint rather than part of one. Any safetensors reader opens it.
 */
public final class VectorFile {
  private VectorFile() {}

  /**
   * Writes the vectors; the file appears complete or not at all.
   *
   * @throws CheckpointException if it cannot be written
   */
  public static void write(Path file, Map<String, double[]> vectors) {
    List<TensorSpec> specs = new ArrayList<>();
    vectors.forEach(
        (name, vector) ->
            specs.add(new TensorSpec(name, DType.F64, List.of((long) vector.length))));
    ShardLayout layout = ShardLayout.of(file.getFileName().toString(), specs);
    Path absolute = file.toAbsolutePath();
    Path partial = null;
    try {
      Files.createDirectories(absolute.getParent());
      partial = Files.createTempFile(absolute.getParent(), ".vectors", ".partial");
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        writeFully(channel, layout.start());
        for (TensorSpec spec : layout.tensors()) {
          double[] vector = vectors.get(spec.name());
          ByteBuffer bytes =
              ByteBuffer.allocate(Math.multiplyExact(vector.length, Double.BYTES))
                  .order(ByteOrder.LITTLE_ENDIAN);
          bytes.asDoubleBuffer().put(vector);
          writeFully(channel, bytes);
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
   * Reads vectors back, validated like a checkpoint.
   *
   * @throws CheckpointException if the file is damaged or holds anything but F64 vectors
   */
  public static Map<String, double[]> read(Path file) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    SafetensorsHeader header = SafetensorsHeader.read(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (TensorInfo tensor : header.tensors()) {
        if (tensor.dtype() != DType.F64 || tensor.shape().size() != 1) {
          throw new CheckpointException(file, tensor.name(), "is not a vector of F64");
        }
        ByteBuffer bytes =
            ByteBuffer.allocate(Math.toIntExact(tensor.byteLength()))
                .order(ByteOrder.LITTLE_ENDIAN);
        long position = tensor.offset();
        while (bytes.hasRemaining()) {
          int count = channel.read(bytes, position);
          if (count < 0) {
            throw new CheckpointException(file, tensor.name(), "ends too early");
          }
          position += count;
        }
        double[] vector = new double[Math.toIntExact(tensor.elements())];
        bytes.flip().asDoubleBuffer().get(vector);
        vectors.put(tensor.name(), vector);
      }
    } catch (IOException e) {
      throw new CheckpointException(file, null, "cannot be read: " + e.getMessage(), e);
    }
    return vectors;
  }
}
