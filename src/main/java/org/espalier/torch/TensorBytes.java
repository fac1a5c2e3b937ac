package org.espalier.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.espalier.checkpoint.DType;

/** Raw access to the bytes of arrays, in the layout of safetensors files (little-endian). */
public final class TensorBytes {
  /** Parts stay below this size, since a buffer cannot span 2 GiB. */
  private static final long PART_BYTES = 64L << 20;

  private TensorBytes() {}

  /** Receives the memory of consecutive parts of an array. */
  @FunctionalInterface
  public interface Visitor {
    /** The buffer is valid only during the call. */
    void visit(ByteBuffer part) throws IOException;
  }

  /**
   * Reads an array part by part, from any device.
   *
   * @param type element type in which the bytes are wanted; converted part by part
   */
  public static void read(NDArray array, DType type, Visitor visitor) throws IOException {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray flat = array.reshape(-1);
      long elements = flat.getShape().get(0);
      long step = PART_BYTES / type.bytes();
      for (long start = 0; start < elements; start += step) {
        try (TorchScope part = TorchScope.open()) {
          NDArray rows = TorchFunctions.rows(flat, start, Math.min(step, elements - start));
          NDArray local = TorchFunctions.toDevice(rows, part.device());
          visitor.visit(memory(TorchFunctions.convert(local, type)).asReadOnlyBuffer());
        }
      }
    }
  }

  /** All bytes of a small array in a type. */
  public static byte[] toArray(NDArray array, DType type) {
    byte[] bytes = new byte[Math.toIntExact(array.size() * type.bytes())];
    int[] filled = {0};
    try {
      read(
          array,
          type,
          part -> {
            int count = part.remaining();
            part.get(bytes, filled[0], count);
            filled[0] += count;
          });
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be read", e);
    }
    return bytes;
  }

  /** Visits the live memory of a contiguous CPU array, which the visitor may fill. */
  static void visit(NDArray array, Visitor visitor) throws IOException {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      int bytes = TorchFunctions.dtype(array).bytes();
      NDArray flat = array.reshape(-1);
      long elements = flat.getShape().get(0);
      long step = PART_BYTES / bytes;
      for (long start = 0; start < elements; start += step) {
        visitor.visit(memory(TorchFunctions.rows(flat, start, Math.min(step, elements - start))));
      }
    }
  }

  private static ByteBuffer memory(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
  }
}
