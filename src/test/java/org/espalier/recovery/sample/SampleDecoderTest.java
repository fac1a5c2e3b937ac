package org.espalier.recovery.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import org.espalier.recovery.LearningRate;
import org.espalier.recovery.Trainer;
import org.espalier.torch.TorchRuntime;
import org.espalier.torch.TorchScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleDecoderTest {
  private static final Device CPU = Device.cpu();
  private static final SampleShape SMALL = new SampleShape(32, 2, 4, 2, 48, 50, 16);
  private static final int[][] TEXT = {{1, 2, 3, 4, 5, 6, 7, 8}, {9, 8, 7, 6, 5, 4, 3, 2}};

  @BeforeAll
  static void start() {
    TorchRuntime.shared().awaitReady();
  }

  @Test
  void untrained_it_knows_nothing() {
    try (SampleDecoder decoder = new SampleDecoder(SMALL, CPU, 1);
        TorchScope scope = TorchScope.open(CPU)) {
      assertThat(decoder.loss(TEXT).getFloat()).isCloseTo((float) Math.log(50), within(0.1f));
      assertThat(scope.device()).isEqualTo(CPU);
    }
  }

  @Test
  void later_tokens_have_no_influence_on_earlier_ones() {
    try (SampleDecoder decoder = new SampleDecoder(SMALL, CPU, 1);
        TorchScope scope = TorchScope.open(CPU)) {
      float two = decoder.loss(new int[][] {{1, 2, 3}}).getFloat();
      float three = decoder.loss(new int[][] {{1, 2, 3, 4}}).getFloat();
      float other = decoder.loss(new int[][] {{1, 2, 3, 5}}).getFloat();
      float last = 3 * three - 2 * two;

      assertThat(last).isPositive();
      assertThat(3 * other - 2 * two).isNotEqualTo(last);
      assertThat(scope.device()).isEqualTo(CPU);
    }
  }

  @Test
  void it_learns_what_it_reads_and_the_seed_decides_all() {
    List<Double> first = train();

    assertThat(first.get(0)).isGreaterThan(3.5);
    assertThat(first.get(first.size() - 1)).isLessThan(0.2);
    assertThat(train()).isEqualTo(first);
  }

  private static List<Double> train() {
    List<Double> losses = new ArrayList<>();
    try (SampleDecoder decoder = new SampleDecoder(SMALL, CPU, 1)) {
      new Trainer(new LearningRate(60, 5, 1e-2, 1e-3, LearningRate.Decay.COSINE), 0.1, 1)
          .train(
              decoder.weights(), CPU, step -> decoder.loss(TEXT), (step, loss) -> losses.add(loss));
    }
    return losses;
  }
}
