package org.espalier.recovery.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrigramModelTest {
  @Test
  void probabilities_after_any_context_sum_to_one() {
    int[] ids = new Random(1).ints(2_000, 0, 12).map(id -> id * id / 12).toArray();
    TrigramModel model = new TrigramModel(ids, 12);

    for (int first = 0; first < 12; first++) {
      int before = first;
      double sum =
          IntStream.range(0, 12).mapToDouble(next -> model.probability(before, 3, next)).sum();
      assertThat(sum).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void a_repeating_text_is_nearly_certain() {
    int[] ids = IntStream.range(0, 3_000).map(i -> i % 5).toArray();

    assertThat(new TrigramModel(ids, 5).perplexity(ids, 100)).isLessThan(1.05);
  }
}
