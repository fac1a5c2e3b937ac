package org.espalier.ui.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.allocation.Allocation;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Shown;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class HeatmapViewModelTest {
  private static final SubLayer ATTENTION = SubLayer.attention(2);
  private static final SubLayer FEED_FORWARD = SubLayer.feedForward(2);

  private final Bench bench = new Bench();
  private final HeatmapViewModel heatmap =
      new HeatmapViewModel(bench.session, bench.draft, bench.executor, bench.messages);

  @Test
  void shows_the_shape_before_the_analysis() {
    bench.opened();

    assertThat(heatmap.picture().get().scores()).isEmpty();
    assertThat(heatmap.picture().get().kept())
        .isEqualTo(Allocation.dense(bench.session.checkpoint().get().model()));
    assertThat(heatmap.isEditable()).isFalse();
    assertThat(heatmap.legend()).isEmpty();
  }

  @Test
  void always_says_whether_a_draft_or_a_run_is_shown() {
    Run run = bench.pruned();
    assertThat(heatmap.title().get()).isEqualTo("Run · " + run.name());

    bench.session.shown().set(Shown.DRAFT);
    assertThat(heatmap.title().get())
        .isEqualTo("Draft · FLAP · remove 30.0 % of prunable parameters");

    bench.session.shown().set(Shown.DENSE);
    assertThat(heatmap.title().get()).isEqualTo("Dense · sample model");
  }

  @Test
  void says_when_the_colours_come_from_another_method_than_the_run() {
    Run run = bench.pruned();
    bench.method.method().set(bench.method.methods().get(1));
    bench.method.analyse();

    bench.session.shown().set(Shown.run(run));

    assertThat(heatmap.note().get()).isEqualTo("Pruned by flap; colours are scores of Magnitude.");
  }

  @Test
  void a_run_of_another_model_does_not_touch_the_rows() {
    Run run = bench.pruned();
    bench.openedFolder("/models/other");

    bench.session.shown().set(Shown.run(run));

    assertThat(heatmap.picture().get().kept().blocks()).isEqualTo(32);
    assertThat(heatmap.note().get()).contains("cut from sample");
  }

  @Test
  void follows_the_draft() {
    bench.analysed();
    int before = heatmap.picture().get().kept().kept(FEED_FORWARD);

    bench.draft.setKept(FEED_FORWARD, before - 10);

    assertThat(heatmap.picture().get().kept().kept(FEED_FORWARD)).isEqualTo(before - 10);
    assertThat(heatmap.hold(FEED_FORWARD)).contains("by hand");
  }

  @Test
  void describes_a_single_unit_with_score_rank_parameters_and_fate() {
    bench.analysed();

    assertThat(heatmap.describe(ATTENTION, 0, 1))
        .matches(
            "block 2 · head group \\d · score [−\\d.]+ · rank 1 of 4 · 27,648 parameters each ·"
                + " kept");
    assertThat(heatmap.describe(FEED_FORWARD, 511, 512))
        .endsWith("rank 512 of 512 · 576 parameters each · removed");
  }

  @Test
  void describes_a_bin_by_ranks_or_by_indices() {
    bench.analysed();
    assertThat(heatmap.describe(FEED_FORWARD, 0, 4)).contains("4 channels", "ranks 1 to 4 of 512");

    heatmap.order().set(UnitOrder.BY_INDEX);

    assertThat(heatmap.describe(FEED_FORWARD, 8, 12)).contains("channels 8 to 11");
  }

  @Test
  void the_legend_has_numbers_for_what_shares_a_range() {
    bench.analysed();
    assertThat(heatmap.legend()).hasSize(2);

    heatmap.normalisation().set(Normalisation.GLOBAL);
    assertThat(heatmap.legend()).hasSize(1);
    assertThat(heatmap.statistic()).isEqualTo("WIFV, standardised per block");
  }
}
