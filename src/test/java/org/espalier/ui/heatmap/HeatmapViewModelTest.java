package org.espalier.ui.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.BlockOrder;
import org.espalier.allocation.DepthAllocator;
import org.espalier.allocation.HiddenChannelAllocator;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.importance.HiddenScores;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.Overlay;
import org.espalier.report.heatmap.SubLayerColumn;
import org.espalier.report.heatmap.SubLayerState;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
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
    assertThat(heatmap.title().get()).isEqualTo("Draft · remove 30.0 % of prunable parameters");

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
    assertThat(heatmap.describe(FEED_FORWARD)).contains("by hand");
  }

  @Test
  void shows_the_residual_stream_where_its_channels_go() {
    bench.analysed();
    assertThat(heatmap.stream().get()).as("units go").isEmpty();

    bench.session.analysed(judgingHiddenChannels(bench.session.analysis().get()));

    ResidualStream stream = heatmap.stream().get().orElseThrow();
    assertThat(stream.channels()).isEqualTo(192);
    assertThat(stream.kept()).isEqualTo(134);
    assertThat(stream.picture().hasUnitScores(ResidualStream.ONLY)).isTrue();
    assertThat(stream.picture().kept().kept(ResidualStream.ONLY)).isEqualTo(134);
    assertThat(heatmap.picture().get().kept().keptChannels()).containsOnly(512);
    assertThat(heatmap.note().get()).contains("from 192 to 134");

    bench.session.shown().set(Shown.DENSE);

    assertThat(heatmap.stream().get().orElseThrow().kept()).isEqualTo(192);
  }

  private static Analysis judgingHiddenChannels(Analysis units) {
    return new Analysis(
        units.checkpoint(),
        units.request(),
        units.method(),
        units.importance(),
        units.subLayers(),
        Optional.of(new HiddenScores("L1", new Random(1).doubles(192).toArray())),
        new HiddenChannelAllocator(units.checkpoint().model()),
        false,
        "");
  }

  @Test
  void describes_a_single_unit_with_score_rank_parameters_and_fate() {
    bench.analysed();

    assertThat(heatmap.describe(ATTENTION, 0, 1))
        .matches(
            "block 2 · head group \\d · score [−\\d.]+ · rank 1 of 4 · kept ·"
                + " 27,648 parameters each");
    assertThat(heatmap.describe(FEED_FORWARD, 511, 512))
        .endsWith("rank 512 of 512 · removed · 576 parameters each");
  }

  @Test
  void describes_a_bin_by_ranks_or_by_indices() {
    bench.analysed();
    assertThat(heatmap.describe(FEED_FORWARD, 0, 4)).contains("4 channels", "ranks 1–4 of 512");

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

  @Test
  void every_state_has_words_of_its_own() {
    bench.analysed();
    bench.draft.setTarget(new Target(0.8, RatioDefinition.PRUNABLE));
    assertThat(heatmap.picture().get().state(SubLayer.feedForward(0)))
        .isEqualTo(SubLayerState.CONSTRAINED);
    assertThat(explained(SubLayer.feedForward(0))).contains("256", "protects the first block");

    assertThat(explained(FEED_FORWARD)).startsWith("Free");
    bench.draft.setKept(FEED_FORWARD, 100);
    assertThat(explained(FEED_FORWARD)).startsWith("Set by hand");
    bench.draft.toggleLock(FEED_FORWARD);
    assertThat(explained(FEED_FORWARD)).startsWith("Locked");
    assertThat(heatmap.describe(FEED_FORWARD)).contains("the method alone keeps");
  }

  private String explained(SubLayer subLayer) {
    return heatmap.explain(new EspalierLayout.Hit(subLayer, EspalierLayout.Part.PADLOCK));
  }

  @Test
  void bars_of_scores_that_lie_far_apart_show_their_logarithm() {
    bench.method.method().set(bench.method.methods().get(3));
    bench.analysed();
    Analysis analysis = bench.session.analysis().get();
    Map<SubLayer, SubLayerScore> scores = new HashMap<>();
    for (SubLayer subLayer : analysis.checkpoint().model().subLayers()) {
      double share = Math.pow(10, -subLayer.block());
      scores.put(subLayer, new SubLayerScore(share, share, 0.1, share));
    }
    Analysis wide =
        new Analysis(
            analysis.checkpoint(),
            analysis.request(),
            analysis.method(),
            analysis.importance(),
            new SubLayerScores("transfer entropy", "TE", scores),
            analysis.allocator(),
            false,
            "");

    SubLayerColumn bars = MethodJudgement.of(wide, bench.messages).measured().get(0);

    assertThat(bars.explanation()).contains("transfer entropy", "logarithm");
    double[] levels = new double[8];
    for (int block = 0; block < levels.length; block++) {
      levels[block] = bars.of(SubLayer.attention(block)).orElseThrow().level();
    }
    assertThat(levels[0]).isCloseTo(1, within(1e-12));
    assertThat(levels[7]).isPositive();
    for (int block = 0; block < 7; block++) {
      assertThat(levels[block] - levels[block + 1])
          .isCloseTo(levels[0] - levels[1], within(1e-12))
          .isPositive();
    }
  }

  @Test
  void a_method_that_judges_sub_layers_brings_its_columns_and_others_may_add_theirs() {
    bench.method.method().set(bench.method.methods().get(3));
    bench.analysed();
    assertThat(heatmap.picture().get().columns())
        .extracting(SubLayerColumn::title)
        .containsExactly("TE", "cost", "ratio");
    assertThat(heatmap.describeColumn(ATTENTION, 2)).matches(".*ratio \\d+ %");

    heatmap
        .moreColumns()
        .add(
            new SubLayerColumn(
                "price",
                "What the next cut costs.",
                Map.of(ATTENTION, new SubLayerColumn.Cell("0.02", 0.4))));

    assertThat(heatmap.picture().get().columns()).hasSize(4);
    assertThat(heatmap.describeColumn(ATTENTION, 3)).endsWith("price 0.02");
    assertThat(heatmap.explainColumn(0)).contains("transfer entropy, nats");
  }

  @Test
  void a_method_without_unit_scores_tells_one_score_for_the_whole() {
    bench.method.method().set(bench.method.methods().get(4));
    bench.analysed();

    assertThat(heatmap.picture().get().hasUnitScores(FEED_FORWARD)).isFalse();
    assertThat(heatmap.describe(FEED_FORWARD, 5, 6)).contains("does not tell its units apart");
  }

  @Test
  void blocks_that_go_whole_have_the_colour_of_their_own_score() {
    bench.workbench.useAllocators(
        (model, importance) ->
            new DepthAllocator(
                model,
                new SubLayerScores(
                    "block influence",
                    "BI",
                    model.subLayers().stream()
                        .collect(
                            Collectors.toMap(
                                subLayer -> subLayer,
                                subLayer ->
                                    new SubLayerScore(
                                        subLayer.block(), 0.1, 0.1, subLayer.block())))),
                BlockOrder.LOWEST_SCORE));
    bench.method.method().set(bench.method.methods().get(3));
    bench.analysed();

    assertThat(heatmap.picture().get().hasUnitScores(FEED_FORWARD)).isFalse();
    assertThat(heatmap.picture().get().scores().orElseThrow().score(FEED_FORWARD, 7))
        .isEqualTo(bench.session.analysis().get().subLayers().of(FEED_FORWARD).get().score());
    assertThat(heatmap.statistic()).isEqualTo("transfer entropy, nats");
  }

  @Test
  void snapshots_and_runs_can_be_laid_over() {
    bench.pruned();
    bench.session.shown().set(Shown.DRAFT);
    bench.draft.takeSnapshot("before I locked 3");

    assertThat(heatmap.comparable())
        .extracting(Overlay::name)
        .containsExactly("before I locked 3", "flap 30 %");
    heatmap.overlay().set(Optional.of(heatmap.comparable().get(1)));
    assertThat(heatmap.picture().get().overlay()).isPresent();
    assertThat(heatmap.describe(FEED_FORWARD)).contains("flap 30 % keeps");
    bench.openedFolder("/models/other");
    assertThat(heatmap.picture().get().overlay()).as("it does not fit another model").isEmpty();
  }

  @Test
  void a_selection_is_set_changed_and_described_together() {
    bench.analysed();
    SubLayer other = SubLayer.feedForward(5);
    heatmap.selection().choose(List.of(FEED_FORWARD, other));

    heatmap.setKept(FEED_FORWARD, 256);
    assertThat(bench.draft.allocation().get().kept(other)).isEqualTo(256);
    heatmap.change(other, false, true);
    assertThat(bench.draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(231);
    assertThat(heatmap.describeSelection()).isEqualTo("2 sub-layers selected · 45.1 % kept");
    heatmap.setKept(ATTENTION, 1);
    assertThat(bench.draft.allocation().get().kept(other)).as("not in it").isEqualTo(231);
  }
}
