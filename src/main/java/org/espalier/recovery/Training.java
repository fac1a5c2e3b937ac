package org.espalier.recovery;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.espalier.task.EspalierException;
import org.espalier.torch.AdamW;
import org.espalier.torch.Autograd;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** Parameters being changed step by step, by AdamW with clipped gradients. */
final class Training implements AutoCloseable {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.95;
  private static final double EPSILON = 1e-8;

  private final List<NDArray> parameters;
  private final List<NDArray> matrices;
  private final List<NDArray> vectors;
  private final Device device;
  private final double clip;
  private final AdamW decayed;
  private final AdamW plain;

  /** Adds the gradients of one step to the tracked parameters. */
  @FunctionalInterface
  interface Objective {
    /**
     * @return the loss
     */
    double differentiate();
  }

  /**
   * Marks the parameters for gradients and begins with empty moments.
   *
   * @param parameters float32 arrays that are no views
   * @param decay decoupled weight decay of matrices; vectors (norms, biases) are not decayed
   * @param clip largest joint norm of all gradients
   */
  Training(List<NDArray> parameters, Device device, double decay, double clip) {
    this.parameters = List.copyOf(parameters);
    this.device = device;
    this.clip = clip;
    matrices = parameters.stream().filter(Training::isMatrix).toList();
    vectors = parameters.stream().filter(p -> !isMatrix(p)).toList();
    Autograd.track(parameters);
    decayed = new AdamW(matrices, device, BETA_1, BETA_2, EPSILON, decay);
    plain = new AdamW(vectors, device, BETA_1, BETA_2, EPSILON, 0);
  }

  /** The gradients of a loss that is one expression of the parameters; returns its value. */
  static double differentiate(Supplier<NDArray> loss) {
    try (Autograd autograd = Autograd.record()) {
      NDArray result = loss.get();
      autograd.backward(result);
      return result.getFloat();
    }
  }

  /**
   * One step.
   *
   * @param step its number, for the message
   * @return the loss before the step
   * @throws EspalierException if the loss is no longer a finite number
   */
  double step(int step, Objective objective, double rate) {
    try (TorchScope scope = TorchScope.open(device)) {
      double value = objective.differentiate();
      if (!Double.isFinite(value)) {
        throw new EspalierException(
            "Training diverged at step "
                + step
                + " (the loss is no number); use a lower learning rate.");
      }
      TorchFunctions.clipNorm(Autograd.gradients(parameters), clip);
      change(decayed, matrices, rate);
      change(plain, vectors, rate);
      Autograd.clear(parameters);
      return value;
    }
  }

  /** Parameters and moments: what a later training needs to go on as this one would have. */
  List<NDArray> state() {
    List<NDArray> state = new ArrayList<>(parameters);
    state.addAll(decayed.state());
    state.addAll(plain.state());
    return state;
  }

  private static void change(AdamW optimiser, List<NDArray> parameters, double rate) {
    if (!parameters.isEmpty()) {
      optimiser.step(Autograd.gradients(parameters), rate);
    }
  }

  private static boolean isMatrix(NDArray parameter) {
    return parameter.getShape().dimension() > 1;
  }

  @Override
  public void close() {
    decayed.close();
    plain.close();
  }
}
