package org.espalier.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.espalier.checkpoint.DType;

/**
 * Tensor functions that NDArray lacks, each one call of a core kernel. Results belong to the
 * innermost {@link TorchScope}.
 */
public final class TorchFunctions {
  private TorchFunctions() {}

  /** The array with another element type; the same array when it has that type already. */
  public static NDArray convert(NDArray x, DType type) {
    return Kernels.core().call("convert", x, ScalarTypes.of(type));
  }

  /** The element type, also of those that the engine's own interface reports as unknown. */
  public static DType dtype(NDArray x) {
    return ScalarTypes.dtype(Kernels.core().callForLong("scalar_type", x));
  }

  /** The array on a device; the same memory when it lies there already. */
  public static NDArray toDevice(NDArray x, Device device) {
    return Kernels.core().call("to_device", x, Devices.name(device));
  }

  /** A contiguous copy in memory of its own. */
  public static NDArray copy(NDArray x) {
    return Kernels.core().call("clone", x);
  }

  /** Fills an array with the elements of another of the same shape. */
  public static void overwrite(NDArray x, NDArray content) {
    Kernels.core().apply("overwrite", x, content);
  }

  /** Seeds everything that draws at random in kernels, on all devices. */
  public static void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  /** A view of consecutive rows (first dimension), sharing memory. */
  public static NDArray rows(NDArray x, long start, long count) {
    return Kernels.core().call("rows", x, start, count);
  }

  /** A copy of the rows (first dimension) with the given indices, int64. */
  public static NDArray selectRows(NDArray x, NDArray indices) {
    return select(x, 0, indices);
  }

  /** A copy of the slices along a dimension with the given indices, int64. */
  public static NDArray select(NDArray x, int dimension, NDArray indices) {
    return Kernels.core().call("select", x, dimension, indices);
  }

  /** A copy with zeros in the slices along a dimension with the given indices, int64. */
  public static NDArray without(NDArray x, int dimension, NDArray indices) {
    return Kernels.core().call("without", x, dimension, indices);
  }

  /** x times sigmoid(x), elementwise. */
  public static NDArray silu(NDArray x) {
    return Kernels.core().call("silu", x);
  }

  /** Root-mean-square normalisation over the last dimension, times the weight. */
  public static NDArray rmsNorm(NDArray x, NDArray weight, double epsilon) {
    return Kernels.core().call("rms_norm", x, weight, epsilon);
  }

  /**
   * Scaled dot-product attention with scale 1/sqrt(e).
   *
   * @param query [B, H, T, e]
   * @param key [B, G, S, e], G divides H: each KV head serves H/G consecutive query heads
   * @param value [B, G, S, e]
   * @param mask added to the scores, broadcast to [B, H, T, S]; null for none
   * @param causal whether query t sees keys 0..t only; not together with a mask
   * @return [B, H, T, e]
   */
  public static NDArray attention(
      NDArray query, NDArray key, NDArray value, NDArray mask, boolean causal) {
    return Kernels.core().call("attention", query, key, value, mask, causal);
  }

  /** Negative log-likelihood of each target [N] under logits [N, V]; result [N]. */
  public static NDArray crossEntropy(NDArray logits, NDArray targets) {
    return Kernels.core().call("cross_entropy", logits, targets);
  }

  /** Mean negative log-likelihood as a scalar; differentiable inside {@link Autograd}. */
  public static NDArray meanCrossEntropy(NDArray logits, NDArray targets) {
    return Kernels.core().call("mean_cross_entropy", logits, targets);
  }

  /** Eigenvalues in ascending order and eigenvectors in columns of a symmetric matrix. */
  public static NDList symmetricEigen(NDArray x) {
    return Kernels.core().callForList("symmetric_eigen", x);
  }

  /** Thin singular value decomposition: U, the values in descending order, V transposed. */
  public static NDList singularValues(NDArray x) {
    return Kernels.core().callForList("singular_values", x);
  }

  /** Lower Cholesky factor of a symmetric positive definite matrix. */
  public static NDArray cholesky(NDArray x) {
    return Kernels.core().call("cholesky", x);
  }

  /** X with AX = B for a square A. */
  public static NDArray solve(NDArray a, NDArray b) {
    return Kernels.core().call("solve", a, b);
  }

  /** X with AX = B for a symmetric positive definite A. */
  public static NDArray solvePositiveDefinite(NDArray a, NDArray b) {
    return Kernels.core().call("solve_positive_definite", a, b);
  }

  /** X of least norm that minimises |AX - B|, by singular values; A may be rank-deficient. */
  public static NDArray leastSquares(NDArray a, NDArray b) {
    return Kernels.core().call("least_squares", a, b);
  }

  /** Whether the array holds neither NaN nor infinity. */
  public static boolean allFinite(NDArray x) {
    return Kernels.core().callForBoolean("all_finite", x);
  }

  /**
   * Draws an index by inverting the cumulative distribution.
   *
   * @param probabilities [V], not necessarily normalised
   * @param uniform in [0, 1)
   */
  public static int sample(NDArray probabilities, double uniform) {
    return (int) Kernels.core().callForLong("sample", probabilities, uniform);
  }

  /**
   * Scales all gradients in place so that their joint Euclidean norm is at most the limit.
   *
   * @return the norm before
   */
  public static double clipNorm(List<NDArray> gradients, double limit) {
    return Kernels.core().callForDouble("clip_norm", gradients, limit);
  }
}
