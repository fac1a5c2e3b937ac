package org.espalier.ui.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.allocation.Draft.Fate;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.prediction.PredictionViewModel;
import org.junit.jupiter.api.Test;

class BlockViewModelTest {
  private static final SubLayer CHANNELS = SubLayer.feedForward(3);

  private final Bench bench = new Bench();
  private final HeatmapViewModel heatmap =
      new HeatmapViewModel(bench.session, bench.draft, bench.executor, bench.messages);
  private final ObjectProperty<SubLayerCosts> costs =
      new SimpleObjectProperty<>(
          new SubLayerCosts(subLayer -> Optional.empty(), "nothing measured"));
  private final BlockViewModel block =
      new BlockViewModel(heatmap, bench.session.analysis(), costs, bench.messages);

  @Test
  void opens_only_once_there_are_scores_and_walks_through_the_blocks() {
    bench.opened();
    heatmap.enlarge(3);
    assertThat(block.block().get()).isEmpty();

    bench.analysed();
    heatmap.enlarge(3);
    block.move(1);
    assertThat(block.subLayer(SubLayerKind.ATTENTION)).contains(SubLayer.attention(4));
    block.move(99);
    assertThat(block.block().get()).contains(7);
    block.close();
    assertThat(block.block().get()).isEmpty();
  }

  @Test
  void says_what_the_scores_are_and_on_which_text_they_were_measured() {
    bench.analysed();
    heatmap.enlarge(3);

    assertThat(block.source())
        .isEqualTo(
            "FLAP: WIFV, standardised per block · 64 windows of 128 tokens of the sample’s text,"
                + " seed 0");
    assertThat(block.title(CHANNELS)).matches("Feed-forward keeps \\d+ of 512 channels · free");
    assertThat(block.numbers(CHANNELS)).contains("median", "mean of kept", "cut at");
  }

  @Test
  void tells_what_the_cut_costs_once_that_is_measured() {
    PredictionViewModel prediction =
        new PredictionViewModel(
            bench.workbench,
            bench.session,
            bench.draft,
            bench.measurements,
            bench.follower,
            bench.messages);
    costs.bind(prediction.costs());
    bench.analysed();
    heatmap.enlarge(3);
    assertThat(block.cost(CHANNELS)).startsWith("“Measure prices”, under Predicted perplexity");

    prediction.measure();

    assertThat(block.cost(CHANNELS)).matches("this cut: mean NLL \\+0\\.\\d+");
  }

  @Test
  void a_unit_that_goes_by_score_is_kept_by_hand_and_left_to_its_score_again() {
    bench.analysed();
    heatmap.enlarge(3);
    int kept = bench.draft.allocation().get().kept(CHANNELS);
    block.markPosition(CHANNELS, 511);
    assertThat(block.describeMarked()).endsWith("rank 512 of 512 · removed");

    block.decide(Fate.KEPT_BY_HAND);

    assertThat(block.fate()).isEqualTo(Fate.KEPT_BY_HAND);
    assertThat(block.describeMarked()).endsWith("rank 1 of 512 · kept by hand");
    assertThat(bench.draft.allocation().get().kept(CHANNELS)).isEqualTo(kept);
    block.decide(Fate.BY_SCORE);
    assertThat(block.describeMarked()).endsWith("rank 512 of 512 · removed");
    assertThat(bench.draft.undoable().get()).contains("to its score");
  }

  @Test
  void a_unit_is_found_by_its_index_and_the_mark_walks_in_the_shown_order() {
    bench.analysed();
    heatmap.enlarge(3);

    assertThat(block.mark(" 17 ")).isTrue();
    assertThat(block.marked().get()).contains(new BlockViewModel.Marked(CHANNELS, 17));
    assertThat(block.mark("512")).isFalse();
    assertThat(block.mark("first")).isFalse();
    block.markPosition(CHANNELS, 0);
    block.moveMark(CHANNELS, 1);
    assertThat(block.describeMarked()).contains("rank 2 of 512");
  }

  @Test
  void units_of_a_locked_sub_layer_stay_as_they_are() {
    bench.analysed();
    heatmap.enlarge(3);
    bench.draft.toggleLock(CHANNELS);
    block.mark(CHANNELS, 5);

    block.decide(Fate.DROPPED_BY_HAND);

    assertThat(block.isDecidable()).isFalse();
    assertThat(block.fate()).isEqualTo(Fate.BY_SCORE);
  }
}
