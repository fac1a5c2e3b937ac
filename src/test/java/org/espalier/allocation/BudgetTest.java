package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final int HIDDEN = 64;
  private static final int HEAD = 16;
  private static final int VOCABULARY = 200;
  private static final long GROUP = (2 * 2 + 2) * HEAD * HIDDEN;
  private static final long CHANNEL = 3 * HIDDEN;
  private static final long LAYERS = 2 * (2 * GROUP + 10 * CHANNEL + 2 * HIDDEN);
  private static final long TABLE = (long) VOCABULARY * HIDDEN;

  /** Two blocks of 2 head groups (4 query heads) and 10 channels, embedding and head apart. */
  private static ModelCosts costs(int slidingWindow) {
    PrunableModel model =
        new PrunableModel(
            Collections.nCopies(2, new PrunableModel.Block(2, GROUP, 10, CHANNEL)),
            LAYERS,
            LAYERS + 2 * TABLE + HIDDEN);
    return new ModelCosts(
        model,
        2 * model.totalParameters(),
        2,
        HIDDEN,
        HEAD,
        VOCABULARY,
        false,
        4096,
        List.of(
            new ModelCosts.Block(2, 0, HIDDEN, HIDDEN, false, false, false),
            new ModelCosts.Block(2, slidingWindow, HIDDEN, HIDDEN, false, true, false)));
  }

  @Test
  void the_dense_model_is_counted_as_it_lies_there() {
    Budget dense = Budget.dense(costs(0), 100);

    assertThat(dense.parameters()).isEqualTo(LAYERS + 2 * TABLE + HIDDEN);
    assertThat(dense.bytes()).isEqualTo(2 * dense.parameters());
    assertThat(dense.weightBytesRead()).isEqualTo(dense.bytes() - 2 * (TABLE - HIDDEN));
    assertThat(dense.cacheBytesRead()).isEqualTo(2L * 2 * 2 * (2 * HEAD * 100));
    assertThat(dense.macs())
        .isEqualTo(TABLE + 2 * (2 * GROUP + 10 * CHANNEL) + 2L * 2 * (2 * 2 * HEAD * 100));
    assertThat(dense.ratios().prunable()).isZero();
  }

  @Test
  void removed_units_take_everything_of_theirs_along() {
    Budget dense = Budget.dense(costs(0), 100);
    Budget pruned = Budget.of(new Allocation(List.of(1, 2), List.of(10, 4)), costs(0), 100, false);

    assertThat(dense.parameters() - pruned.parameters()).isEqualTo(GROUP + 6 * CHANNEL);
    assertThat(dense.bytes() - pruned.bytes()).isEqualTo(2 * (GROUP + 6 * CHANNEL));
    assertThat(dense.macs() - pruned.macs()).isEqualTo(GROUP + 2 * 2 * HEAD * 100 + 6 * CHANNEL);
    assertThat(dense.cacheBytesRead() - pruned.cacheBytesRead()).isEqualTo(2 * 2 * HEAD * 100);
    assertThat(pruned.speedUpBound(dense).orElseThrow())
        .isCloseTo((double) dense.bytesRead() / pruned.bytesRead(), within(1e-12));
  }

  @Test
  void a_repair_adds_a_bias_where_there_was_none() {
    Allocation allocation = new Allocation(List.of(1, 1), List.of(10, 4));
    long added =
        Budget.of(allocation, costs(0), 100, true).parameters()
            - Budget.of(allocation, costs(0), 100, false).parameters();

    assertThat(added).isEqualTo(2 * HIDDEN);
  }

  @Test
  void a_window_bounds_what_is_cached_and_no_speed_up_is_promised_behind_it() {
    assertThat(Budget.dense(costs(50), 4000).cacheBytesRead())
        .isEqualTo(2L * 2 * (2 * HEAD) * (4000 + 50));
    Budget dense = Budget.dense(costs(0), 4000);
    assertThat(dense.cacheBytesRead()).isGreaterThan(dense.weightBytesRead());
    assertThat(dense.speedUpBound(dense)).isEmpty();
  }
}
