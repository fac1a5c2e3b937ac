package org.espalier.transformer;

/** Where a model's blocks live between uses. */
public enum BlockPlacement {
  /**
   * In the device's memory, in the element type of the checkpoint, widened to float32 block by
   * block. Float32 checkpoints on the CPU are used in place, from the mapped file.
   */
  RESIDENT,
  /** In the device's memory as float32: fastest for many short passes, such as generation. */
  RESIDENT_FLOAT32,
  /** On disk; one block at a time is in memory. */
  STREAMED
}
