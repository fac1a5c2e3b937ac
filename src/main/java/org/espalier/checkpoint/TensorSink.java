package org.espalier.checkpoint;

import java.nio.ByteBuffer;

/** Where the bytes of announced tensors go, slice by slice. */
@FunctionalInterface
public interface TensorSink {
  /**
   * Appends bytes to a tensor. Slices of one tensor come in their order; different tensors may come
   * in any order and interleaved.
   *
   * @param tensor name of an announced tensor
   * @param slice the next bytes in the tensor's dtype, little-endian; consumed to its limit
   * @throws IllegalArgumentException if the tensor was not announced or gets too many bytes
   * @throws CheckpointException if the disk refuses
   */
  void write(String tensor, ByteBuffer slice);
}
