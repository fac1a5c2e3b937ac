package org.espalier.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleOrderTest {
  @Test
  void every_round_sees_every_example_once_in_an_order_of_its_own() {
    ExampleOrder order = new ExampleOrder(10, 4, 7);
    List<Integer> seen = new ArrayList<>();
    for (int step = 0; step < 5; step++) {
      assertThat(order.of(step)).hasSize(4);
      seen.addAll(order.of(step));
    }

    assertThat(seen.subList(0, 10)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(seen.subList(10, 20)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(seen.subList(0, 10)).isNotEqualTo(seen.subList(10, 20));
  }

  @Test
  void a_batch_may_be_larger_than_all_there_is() {
    assertThat(new ExampleOrder(3, 8, 0).of(1)).hasSize(8).containsOnly(0, 1, 2);
  }
}
