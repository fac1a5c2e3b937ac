package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
    TensorFile.write(
        file,
        specs,
        (spec, part) -> {
          double[] vector = vectors.get(spec.name());
          ByteBuffer bytes =
              ByteBuffer.allocate(Math.multiplyExact(vector.length, Double.BYTES))
                  .order(ByteOrder.LITTLE_ENDIAN);
          bytes.asDoubleBuffer().put(vector);
          part.write(bytes);
        });
  }

  /**
   * Reads vectors back, validated like a checkpoint.
   *
   * @throws CheckpointException if the file is damaged or holds anything but F64 vectors
   */
  public static Map<String, double[]> read(Path file) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (TensorInfo tensor : TensorFile.tensors(file)) {
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
