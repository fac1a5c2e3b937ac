package org.espalier.export.gguf;

import java.util.List;

/**
 * A tensor of a GGUF file.
 *
 * @param shape dimensions, outermost first; the file itself lists them innermost first
 */
public record GgufTensor(String name, GgufType type, List<Long> shape) {
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  public long bytes() {
    return type.bytes(elements());
  }
}
