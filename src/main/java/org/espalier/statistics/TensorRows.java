package org.espalier.statistics;

import ai.djl.ndarray.NDArray;

/** Brings a small matrix to the Java side. */
final class TensorRows {
  private TensorRows() {}

  /** The rows of a float32 matrix. */
  static double[][] of(NDArray matrix) {
    int rows = Math.toIntExact(matrix.getShape().get(0));
    float[] values = matrix.toFloatArray();
    double[][] split = new double[rows][values.length / rows];
    for (int i = 0; i < values.length; i++) {
      split[i / split[0].length][i % split[0].length] = values[i];
    }
    return split;
  }
}
