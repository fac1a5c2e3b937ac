package org.espalier.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization",
 * algorithm 2). Owns its moments; the parameters stay their owner's and are changed in place.
 */
public final class AdamW implements AutoCloseable {
  private final List<NDArray> parameters;
  private final TensorStore store;
  private final List<NDArray> first = new ArrayList<>();
  private final List<NDArray> second = new ArrayList<>();
  private final List<NDArray> steps = new ArrayList<>();
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double decay;

  /** Prepares zero moments for the parameters. */
  public AdamW(
      List<NDArray> parameters,
      Device device,
      double beta1,
      double beta2,
      double epsilon,
      double decay) {
    this.parameters = List.copyOf(parameters);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.decay = decay;
    store = new TensorStore(device);
    try (TorchScope scope = TorchScope.open(device)) {
      for (NDArray parameter : parameters) {
        first.add(store.adopt(scope.manager().zeros(parameter.getShape(), DataType.FLOAT32)));
        second.add(store.adopt(scope.manager().zeros(parameter.getShape(), DataType.FLOAT32)));
        steps.add(store.adopt(scope.array(new float[] {0})));
      }
    }
  }

  /**
   * One step against the gradients, in the order of the parameters.
   *
   * @param rate learning rate of this step
   */
  public void step(List<NDArray> gradients, double rate) {
    Kernels.core()
        .apply(
            "adamw",
            parameters,
            gradients,
            first,
            second,
            steps,
            rate,
            beta1,
            beta2,
            decay,
            epsilon);
  }

  /** Everything that the next step depends on besides the parameters; to be saved and refilled. */
  public List<NDArray> state() {
    List<NDArray> state = new ArrayList<>(first);
    state.addAll(second);
    state.addAll(steps);
    return state;
  }

  @Override
  public void close() {
    store.close();
  }
}
