package org.espalier.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchRuntime;
import org.espalier.torch.TorchScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final Device CPU = Device.cpu();

  private TensorStore store;

  @BeforeEach
  void start() {
    TorchRuntime.shared().awaitReady();
    store = new TensorStore(CPU);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private NDArray parameter(float[] values, long... shape) {
    try (TorchScope scope = TorchScope.open(CPU)) {
      return store.adopt(scope.array(values, shape));
    }
  }

  @Test
  void a_loss_with_one_minimum_is_brought_there() {
    NDArray matrix = parameter(new float[] {3, -2, 1, 0}, 2, 2);
    NDArray vector = parameter(new float[] {5, 5}, 2);
    List<Double> losses = new ArrayList<>();

    new Trainer(new LearningRate(400, 10, 0.1, 0.001, LearningRate.Decay.COSINE), 0, 10)
        .train(
            List.of(matrix, vector),
            CPU,
            step -> matrix.sub(1).square().sum().add(vector.add(2).square().sum()),
            (step, loss) -> losses.add(loss));

    assertThat(losses).hasSize(400);
    assertThat(losses.get(0)).isCloseTo(4 + 9 + 0 + 1 + 49 + 49, within(1e-3));
    assertThat(losses.get(399)).isLessThan(1e-3);
    assertThat(matrix.toFloatArray()).containsOnly(new float[] {1, 1, 1, 1}, within(0.02f));
    assertThat(vector.toFloatArray()).containsOnly(new float[] {-2, -2}, within(0.02f));
  }

  @Test
  void only_matrices_decay() {
    NDArray matrix = parameter(new float[] {2}, 1, 1);
    NDArray vector = parameter(new float[] {2}, 1);

    new Trainer(new LearningRate(10, 0, 0.1, 0.1, LearningRate.Decay.COSINE), 0.5, 1)
        .train(
            List.of(matrix, vector),
            CPU,
            step -> matrix.sum().add(vector.sum()).mul(0),
            (step, loss) -> {});

    assertThat(matrix.getFloat(0, 0)).isCloseTo((float) (2 * Math.pow(0.95, 10)), within(1e-5f));
    assertThat(vector.getFloat(0)).isEqualTo(2);
  }

  @Test
  void a_loss_that_is_no_number_stops_the_training_with_a_reason() {
    NDArray matrix = parameter(new float[] {-1}, 1, 1);

    assertThatThrownBy(
            () ->
                new Trainer(new LearningRate(5, 0, 0.1, 0.1, LearningRate.Decay.COSINE), 0, 1)
                    .train(List.of(matrix), CPU, step -> matrix.log().sum(), (step, loss) -> {}))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("diverged at step 0");
  }

  @Test
  void an_observer_can_cancel_between_steps() {
    NDArray matrix = parameter(new float[] {1}, 1, 1);

    assertThatThrownBy(
            () ->
                new Trainer(new LearningRate(5, 0, 0.1, 0.1, LearningRate.Decay.COSINE), 0, 1)
                    .train(
                        List.of(matrix),
                        CPU,
                        step -> matrix.square().sum(),
                        (step, loss) -> {
                          if (step == 1) {
                            throw new CancelledException();
                          }
                        }))
        .isInstanceOf(CancelledException.class);
  }
}
