package org.espalier.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/**
 * Records gradients on the calling thread while open; everywhere else recording is off. Kernels and
 * array operations run inside build the graph; it lives until the innermost {@link TorchScope}
 * around it closes, so put one scope around each step.
 *
 * <pre>{@code
 * Autograd.track(parameters);
 * try (TorchScope scope = TorchScope.open(device)) {
 *   try (Autograd autograd = Autograd.record()) {
 *     autograd.backward(Kernels.of("torchscript/mine.py").call("loss", parameters, ids));
 *   }
 *   optimiser.step(Autograd.gradients(parameters), rate);
 *   Autograd.clear(parameters);
 * }
 * }</pre>
 */
public final class Autograd implements AutoCloseable {
  private final Thread thread = Thread.currentThread();

  private Autograd() {}

  /** Starts recording on the calling thread. */
  public static Autograd record() {
    TorchThreads.prepareCurrent();
    JniUtils.setGradMode(true);
    return new Autograd();
  }

  /** Marks arrays as parameters whose gradients are wanted; they must be float and no views. */
  public static void track(List<NDArray> parameters) {
    parameters.forEach(parameter -> parameter.setRequiresGradient(true));
  }

  /** Adds the derivatives of a scalar to the gradients of all tracked arrays it depends on. */
  public void backward(NDArray loss) {
    try (NDArray one = loss.onesLike()) {
      backward(loss, one);
    }
  }

  /**
   * Goes on from the derivative of a loss by an output of this recording: adds to the gradients of
   * all tracked arrays that the output depends on.
   *
   * @param derivative of the shape of the output
   */
  public void backward(NDArray output, NDArray derivative) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) derivative, false, false);
  }

  /**
   * A parameter that shares the memory of an array whose own gradients are not wanted, in the
   * innermost scope.
   */
  public static NDArray parameter(NDArray values) {
    NDArray parameter = values.stopGradient();
    parameter.attach(TorchScope.current().manager());
    parameter.setRequiresGradient(true);
    return parameter;
  }

  /**
   * The accumulated gradients, sharing memory with the engine's own; zeros for parameters that the
   * loss did not depend on. The arrays belong to the innermost scope.
   */
  public static List<NDArray> gradients(List<NDArray> parameters) {
    TorchScope scope = TorchScope.current();
    return parameters.stream()
        .map(
            parameter -> {
              NDArray gradient = parameter.getGradient();
              gradient.attach(scope.manager());
              return gradient;
            })
        .toList();
  }

  /** Sets the accumulated gradients to zero; without this they add up from step to step. */
  public static void clear(List<NDArray> parameters) {
    parameters.forEach(parameter -> JniUtils.zeroGrad((PtNDArray) parameter));
  }

  @Override
  public void close() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("recording must end on the thread on which it began");
    }
    JniUtils.setGradMode(false);
  }
}
