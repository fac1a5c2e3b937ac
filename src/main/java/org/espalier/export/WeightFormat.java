package org.espalier.export;

import java.util.Optional;
import org.espalier.checkpoint.DType;

/** How the weights of an export are stored. Norms and biases of quantised formats stay float32. */
public enum WeightFormat {
  F32,
  F16,
  BF16,
  /** Blocks of 32 weights with eight bits each and a scale; GGUF only. */
  Q8_0,
  /** Blocks of 32 weights with four bits each and a scale; GGUF only. */
  Q4_0;

  public boolean isQuantised() {
    return this == Q8_0 || this == Q4_0;
  }

  /** The format that holds every weight of a checkpoint's element type. */
  public static WeightFormat of(DType dtype) {
    return dtype == DType.F64 ? F32 : valueOf(dtype.name());
  }

  /** The element type; empty for quantised formats. */
  public Optional<DType> dtype() {
    return isQuantised() ? Optional.empty() : Optional.of(DType.valueOf(name()));
  }

  /** Bits that one weight takes, scales included. */
  public double bitsPerWeight() {
    return switch (this) {
      case F32 -> 32;
      case F16, BF16 -> 16;
      case Q8_0 -> 34 * 8 / 32.0;
      case Q4_0 -> 18 * 8 / 32.0;
    };
  }
}
