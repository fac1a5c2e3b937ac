package org.espalier.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Consecutive rows (first dimension) as a tensor of their own, in the same place. */
  public TensorInfo rows(long start, long count) {
    long whole = shape.get(0);
    if (start < 0 || count < 1 || start + count > whole) {
      throw new IllegalArgumentException("no rows " + start + " to " + (start + count));
    }
    List<Long> fewer = new ArrayList<>(shape);
    fewer.set(0, count);
    long row = byteLength / whole;
    return new TensorInfo(name, dtype, fewer, file, offset + start * row, count * row);
  }
}
