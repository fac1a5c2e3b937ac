package org.espalier.torch;

import org.espalier.checkpoint.DType;
import org.espalier.task.EspalierException;

/** Numbers of PyTorch's element types (c10::ScalarType), as kernels take them. */
final class ScalarTypes {
  private ScalarTypes() {}

  /**
   * The number of an element type.
   *
   * @throws EspalierException for types that PyTorch cannot compute with
   */
  static int of(DType type) {
    return switch (type) {
      case U8 -> 0;
      case I8 -> 1;
      case I16 -> 2;
      case I32 -> 3;
      case I64 -> 4;
      case F16 -> 5;
      case F32 -> 6;
      case F64 -> 7;
      case BOOL -> 11;
      case BF16 -> 15;
      case U16, U32, U64 ->
          throw new EspalierException(
              "Tensors of type "
                  + type
                  + " cannot be computed with; convert the checkpoint to F32, F16 or BF16.");
    };
  }

  /** The element type with a number. */
  static DType dtype(long number) {
    for (DType type : DType.values()) {
      if (type != DType.U16 && type != DType.U32 && type != DType.U64 && of(type) == number) {
        return type;
      }
    }
    throw new IllegalArgumentException("scalar type " + number);
  }
}
