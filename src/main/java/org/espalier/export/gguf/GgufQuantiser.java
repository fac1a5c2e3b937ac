package org.espalier.export.gguf;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import org.espalier.checkpoint.DType;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** Between float32 arrays and the bytes of a GGUF type; the work is done in kernels. */
public final class GgufQuantiser {
  private static final String KERNELS = "torchscript/gguf.py";

  /** Elements that are rounded at a time: whole blocks of every type. */
  private static final long PART = 1L << 22;

  private GgufQuantiser() {}

  /**
   * The bytes of an array, part by part.
   *
   * @param array float32, its last dimension a multiple of the type's block
   */
  public static void write(NDArray array, GgufType type, TensorBytes.Visitor visitor)
      throws IOException {
    if (!type.isQuantised()) {
      TensorBytes.read(array, plain(type), visitor);
      return;
    }
    NDArray flat = array.reshape(-1);
    long elements = flat.getShape().get(0);
    for (long start = 0; start < elements; start += PART) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray part = TorchFunctions.rows(flat, start, Math.min(PART, elements - start));
        NDArray blocks = Kernels.of(KERNELS).call("quantise_" + suffix(type), part);
        TensorBytes.read(blocks, DType.U8, visitor);
      }
    }
  }

  /**
   * The float32 elements that a stored tensor stands for, in the innermost scope.
   *
   * @param stored as {@link GgufFile#stored} says
   */
  public static NDArray read(NDArray stored, GgufTensor tensor) {
    if (!tensor.type().isQuantised()) {
      return TorchFunctions.convert(stored, DType.F32);
    }
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return Kernels.of(KERNELS).call("dequantise_" + suffix(tensor.type()), stored).reshape(shape);
  }

  /** Rows of query or key weights, or their biases, from rotary halves to adjacent pairs. */
  public static NDArray toPairs(NDArray rows, int headSize) {
    return Kernels.of(KERNELS).call("to_pairs", rows, headSize);
  }

  /** The way back from {@link #toPairs}. */
  public static NDArray toHalves(NDArray rows, int headSize) {
    return Kernels.of(KERNELS).call("to_halves", rows, headSize);
  }

  /** What rounding to a type did to an array of whole blocks. */
  public static RoundingError error(NDArray exact, NDArray rounded, GgufType type) {
    double[] sums =
        Kernels.of(KERNELS).call("rounding", exact, rounded, type.blockElements()).toDoubleArray();
    return new RoundingError(sums[0], sums[1], sums[2]);
  }

  private static String suffix(GgufType type) {
    return switch (type) {
      case Q8_0 -> "q8_0";
      case Q4_0 -> "q4_0";
      default -> throw new IllegalArgumentException(type + " is not quantised");
    };
  }

  private static DType plain(GgufType type) {
    return DType.valueOf(type.name());
  }
}
