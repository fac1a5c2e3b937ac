package org.espalier.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.espalier.checkpoint.DType;
import org.espalier.task.EspalierException;

/**
 * Proves every core kernel against plain array arithmetic on small inputs. A library of a slightly
 * different version can load without complaint and then compute nonsense; this stops it before any
 * result is believed.
 */
final class KernelSelfTest {
  private static final double TOLERANCE = 1e-4;

  private final TorchScope scope;

  private KernelSelfTest(TorchScope scope) {
    this.scope = scope;
  }

  /**
   * Runs all proofs on the CPU.
   *
   * @throws EspalierException naming the first kernel that is wrong
   */
  static void run() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      KernelSelfTest test = new KernelSelfTest(scope);
      test.conversions();
      test.activations();
      test.attention();
      test.losses();
      test.linearAlgebra();
      test.sampling();
      test.optimiser();
    }
  }

  private void conversions() {
    NDArray x = ramp(3, 4);
    NDArray narrow = TorchFunctions.convert(x, DType.BF16);
    expect("convert", TorchFunctions.convert(narrow, DType.F32), x);
    expectTrue("scalar_type", TorchFunctions.dtype(narrow) == DType.BF16);
    expect("clone", TorchFunctions.copy(x), x);
    NDArray filled = x.zerosLike();
    TorchFunctions.overwrite(filled, x);
    expect("overwrite", filled, x);
    expect("rows", TorchFunctions.rows(x, 1, 2), x.get("1:3"));
    expect("part", call("part", x.reshape(12), 4L, new long[] {2, 2}), x.get("1").reshape(2, 2));
    expect("to_device", TorchFunctions.toDevice(x, Device.cpu()), x);
    expectTrue("empty", call("empty", new long[] {2, 3}, 6L).getShape().equals(new Shape(2, 3)));
    expectTrue("all_finite", TorchFunctions.allFinite(x));
  }

  private void activations() {
    NDArray x = ramp(3, 4);
    expect("silu", TorchFunctions.silu(x), x.div(x.neg().exp().add(1)));
    NDArray weight = scope.array(new float[] {1, -2, 0.5f, 3}, 4);
    NDArray scale = x.square().mean(new int[] {-1}, true).add(1e-5f).sqrt();
    expect("rms_norm", TorchFunctions.rmsNorm(x, weight, 1e-5), x.div(scale).mul(weight));
  }

  private void attention() {
    NDArray query = ramp(1, 2, 3, 4);
    NDArray key = ramp(1, 1, 3, 4).mul(0.5f);
    NDArray value = ramp(1, 1, 3, 4).add(1);
    float hidden = Float.NEGATIVE_INFINITY;
    NDArray causal = scope.array(new float[] {0, hidden, hidden, 0, 0, hidden, 0, 0, 0}, 3, 3);
    NDArray expected =
        query
            .matMul(key.transpose(0, 1, 3, 2))
            .div((float) Math.sqrt(4))
            .add(causal)
            .softmax(-1)
            .matMul(value);
    expect("attention", TorchFunctions.attention(query, key, value, null, true), expected);
    expect("attention", TorchFunctions.attention(query, key, value, causal, false), expected);
  }

  private void losses() {
    NDArray logits = ramp(3, 4);
    NDArray targets = scope.manager().create(new long[] {2, 0, 3});
    NDArray expected = logits.logSoftmax(1).gather(targets.reshape(3, 1), 1).reshape(3).neg();
    expect("cross_entropy", TorchFunctions.crossEntropy(logits, targets), expected);
    expect("mean_cross_entropy", TorchFunctions.meanCrossEntropy(logits, targets), expected.mean());
  }

  private void linearAlgebra() {
    NDArray a = scope.array(new float[] {4, 1, 0.5f, 1, 3, -1, 0.5f, -1, 2}, 3, 3);
    NDArray b = ramp(3, 2);
    NDList eigen = TorchFunctions.symmetricEigen(a);
    expect("symmetric_eigen", eigen.get(1).mul(eigen.get(0)).matMul(eigen.get(1).transpose()), a);
    NDList singular = TorchFunctions.singularValues(b);
    expect("singular_values", singular.get(0).mul(singular.get(1)).matMul(singular.get(2)), b);
    NDArray lower = TorchFunctions.cholesky(a);
    expect("cholesky", lower.matMul(lower.transpose()), a);
    expect("solve", a.matMul(TorchFunctions.solve(a, b)), b);
    expect("solve_positive_definite", a.matMul(TorchFunctions.solvePositiveDefinite(a, b)), b);
    expect("least_squares", a.matMul(TorchFunctions.leastSquares(a, b)), b);
  }

  private void sampling() {
    NDArray probabilities = scope.array(new float[] {0.25f, 0, 0.5f, 0.25f}, 4);
    expectTrue("sample", TorchFunctions.sample(probabilities, 0.3) == 2);
    expectTrue("sample", TorchFunctions.sample(probabilities, 0.99) == 3);
  }

  private void optimiser() {
    NDArray parameter = ramp(4);
    NDArray before = parameter.duplicate();
    NDArray gradient = scope.array(new float[] {1, -1, 2, -2}, 4);
    try (AdamW optimiser = new AdamW(List.of(parameter), Device.cpu(), 0.9, 0.999, 1e-8, 0)) {
      optimiser.step(List.of(gradient), 0.1);
    }
    expect("adamw", parameter, before.sub(gradient.sign().mul(0.1f)));
    double norm = TorchFunctions.clipNorm(List.of(gradient), 1);
    expectTrue("clip_norm", Math.abs(norm - Math.sqrt(10)) < TOLERANCE);
    expect("clip_norm", gradient.square().sum(), scope.array(new float[] {1}));
  }

  private NDArray call(String kernel, Object... arguments) {
    return Kernels.core().call(kernel, arguments);
  }

  /** Values around zero that BF16 holds exactly. */
  private NDArray ramp(long... shape) {
    NDArray steps = scope.manager().arange((int) new Shape(shape).size());
    return steps.toType(DataType.FLOAT32, false).mul(0.25f).sub(1).reshape(shape);
  }

  private void expect(String kernel, NDArray actual, NDArray expected) {
    boolean close =
        actual.getShape().size() == expected.getShape().size()
            && actual.reshape(-1).sub(expected.reshape(-1)).abs().max().getFloat() < TOLERANCE;
    expectTrue(kernel, close);
  }

  private static void expectTrue(String kernel, boolean proved) {
    if (!proved) {
      throw new EspalierException(
          "The engine's function '"
              + kernel
              + "' computes wrong values, so its library does not fit this program; use the bundled"
              + " library or libtorch "
              + LibtorchFolder.REQUIRED_VERSION
              + ".");
    }
  }
}
