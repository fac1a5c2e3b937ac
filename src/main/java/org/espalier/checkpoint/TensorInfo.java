package org.espalier.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where one tensor of a checkpoint lies.
 *
 * @param name full name, for example {@code model.layers.0.mlp.down_proj.weight}
 * @param shape dimensions, outermost first; empty for a scalar
 * @param file the safetensors file that holds it
 * @param offset position of its first byte in that file
 * @param byteLength its size in bytes: product of the shape times the bytes of one element
 */
public record TensorInfo(
    String name, DType dtype, List<Long> shape, Path file, long offset, long byteLength) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return byteLength / dtype.bytes();
  }
}
