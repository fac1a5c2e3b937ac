package org.espalier.checkpoint;

import java.util.List;

/**
 * A tensor that is to be written.
 *
 * @param name full name, for example {@code model.layers.0.mlp.down_proj.weight}
 * @param shape dimensions, outermost first; empty for a scalar
 */
public record TensorSpec(String name, DType dtype, List<Long> shape) {
  public TensorSpec {
    shape = List.copyOf(shape);
    if (name.isEmpty() || name.equals(SafetensorsHeader.METADATA_KEY)) {
      throw new IllegalArgumentException("'" + name + "' cannot name a tensor");
    }
    if (shape.stream().anyMatch(dimension -> dimension < 0)) {
      throw new IllegalArgumentException(name + " has a negative dimension: " + shape);
    }
  }

  /** Bytes of the whole tensor. */
  public long byteLength() {
    return shape.stream().reduce((long) dtype.bytes(), Math::multiplyExact);
  }
}
