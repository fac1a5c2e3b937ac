package org.espalier.recovery;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.List;
import org.espalier.task.EspalierException;
import org.espalier.torch.AdamW;
import org.espalier.torch.Autograd;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * Trains parameters by AdamW with clipped gradients.
 *
 * @param rate learning rate of each step
 * @param decay decoupled weight decay of matrices; vectors (norms, biases) are not decayed
 * @param clip largest joint norm of all gradients
 */
public record Trainer(LearningRate rate, double decay, double clip) {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.95;
  private static final double EPSILON = 1e-8;

  /** Computes the loss of one step from the tracked parameters, as a scalar. */
  @FunctionalInterface
  public interface Loss {
    NDArray of(int step);
  }

  /** Learns the loss after each step, counted from 0; may cancel by throwing. */
  @FunctionalInterface
  public interface Observer {
    void after(int step, double loss);
  }

  /**
   * Changes the parameters in place, step by step.
   *
   * @param parameters float32 arrays that are no views
   * @throws EspalierException if the loss is no longer a finite number
   */
  public void train(List<NDArray> parameters, Device device, Loss loss, Observer observer) {
    List<NDArray> matrices = parameters.stream().filter(Trainer::isMatrix).toList();
    List<NDArray> vectors = parameters.stream().filter(p -> !isMatrix(p)).toList();
    Autograd.track(parameters);
    try (AdamW decayed = new AdamW(matrices, device, BETA_1, BETA_2, EPSILON, decay);
        AdamW plain = new AdamW(vectors, device, BETA_1, BETA_2, EPSILON, 0)) {
      for (int step = 0; step < rate.steps(); step++) {
        try (TorchScope scope = TorchScope.open(device)) {
          double value;
          try (Autograd autograd = Autograd.record()) {
            NDArray result = loss.of(step);
            autograd.backward(result);
            value = result.getFloat();
          }
          if (!Double.isFinite(value)) {
            throw new EspalierException(
                "Training diverged at step "
                    + step
                    + " (the loss is no number); use a lower learning rate.");
          }
          TorchFunctions.clipNorm(Autograd.gradients(parameters), clip);
          change(decayed, matrices, rate.at(step));
          change(plain, vectors, rate.at(step));
          Autograd.clear(parameters);
          observer.after(step, value);
        }
      }
    }
  }

  private static void change(AdamW optimiser, List<NDArray> parameters, double rate) {
    if (!parameters.isEmpty()) {
      optimiser.step(Autograd.gradients(parameters), rate);
    }
  }

  private static boolean isMatrix(NDArray parameter) {
    return parameter.getShape().dimension() > 1;
  }
}
