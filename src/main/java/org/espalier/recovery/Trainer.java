package org.espalier.recovery;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Trains parameters by AdamW with clipped gradients.
 *
 * @param rate learning rate of each step
 * @param decay decoupled weight decay of matrices; vectors (norms, biases) are not decayed
 * @param clip largest joint norm of all gradients
 */
public record Trainer(LearningRate rate, double decay, double clip) {
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
   * @throws org.espalier.task.EspalierException if the loss is no longer a finite number
   */
  public void train(List<NDArray> parameters, Device device, Loss loss, Observer observer) {
    try (Training training = new Training(parameters, device, decay, clip)) {
      for (int step = 0; step < rate.steps(); step++) {
        int now = step;
        double value =
            training.step(step, () -> Training.differentiate(() -> loss.of(now)), rate.at(step));
        observer.after(step, value);
      }
    }
  }
}
