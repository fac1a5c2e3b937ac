package org.espalier.export.gguf;

/**
 * How the elements of a tensor lie in a GGUF file. Quantised types pack blocks of consecutive
 * elements of a row, each with a scale of its own.
 */
public enum GgufType {
  F32(0, 0, 1, 4),
  F16(1, 1, 1, 2),
  /** A half-precision scale and 32 numbers of four bits, -8 to 7. */
  Q4_0(2, 2, 32, 18),
  /** A half-precision scale and 32 numbers of eight bits. */
  Q8_0(8, 7, 32, 34),
  BF16(30, 32, 1, 2);

  private final int code;
  private final int fileType;
  private final int blockElements;
  private final int blockBytes;

  GgufType(int code, int fileType, int blockElements, int blockBytes) {
    this.code = code;
    this.fileType = fileType;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** The number of the type in tensor headers. */
  int code() {
    return code;
  }

  /** The value of {@code general.file_type} for files whose matrices are mostly of this type. */
  public int fileType() {
    return fileType;
  }

  /** Elements that are packed together; a row must be a multiple of it. */
  public int blockElements() {
    return blockElements;
  }

  public boolean isQuantised() {
    return blockElements > 1;
  }

  /**
   * The most that rounding may change an element, as a share of the largest one of its block: half
   * a step, or a whole one at the end of the range that Q4_0 leaves out, and what half precision
   * does to the scale.
   */
  public double largestError() {
    return switch (this) {
      case F32, F16, BF16 -> 0;
      case Q8_0 -> 0.5 / 127 + 0x1p-10;
      case Q4_0 -> 1 / 8.0 + 0x1p-10;
    };
  }

  /** Bytes of so many elements. */
  public long bytes(long elements) {
    if (elements % blockElements != 0) {
      throw new IllegalArgumentException(elements + " elements are no whole blocks of " + this);
    }
    return Math.multiplyExact(elements / blockElements, blockBytes);
  }
}
