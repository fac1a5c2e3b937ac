package org.espalier.export;

import ai.djl.ndarray.NDArray;
import org.espalier.checkpoint.DType;
import org.espalier.torch.TorchFunctions;

/** What becomes of a weight when it is stored and read again, as float32. */
@FunctionalInterface
interface Rounding {
  /** The weight as it comes back, in the innermost scope. */
  NDArray round(NDArray weight);

  /** Every weight in one element type. */
  static Rounding to(DType dtype) {
    return weight -> TorchFunctions.convert(TorchFunctions.convert(weight, dtype), DType.F32);
  }

  /** Matrices in one element type; norms and biases stay float32. */
  static Rounding matricesTo(DType dtype) {
    Rounding all = to(dtype);
    Rounding exact = to(DType.F32);
    return weight -> (weight.getShape().dimension() > 1 ? all : exact).round(weight);
  }
}
