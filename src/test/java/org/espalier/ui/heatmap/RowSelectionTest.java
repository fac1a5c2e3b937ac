package org.espalier.ui.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.Test;

class RowSelectionTest {
  private final RowSelection selection = new RowSelection();

  @Test
  void attention_and_feed_forward_are_chosen_apart_or_together() {
    selection.toggle(List.of(SubLayer.attention(2)));
    selection.toggle(List.of(SubLayer.attention(4), SubLayer.feedForward(4)));

    assertThat(selection.chosen().get())
        .containsExactly(SubLayer.attention(2), SubLayer.attention(4), SubLayer.feedForward(4));
    selection.toggle(List.of(SubLayer.attention(4)));
    assertThat(selection.contains(SubLayer.attention(4))).isFalse();
    assertThat(selection.contains(SubLayer.feedForward(4))).isTrue();
  }

  @Test
  void a_range_goes_from_where_it_was_begun_in_either_direction() {
    selection.startAt(SubLayer.feedForward(3));
    selection.extendTo(5, List.of(SubLayerKind.FEED_FORWARD));
    assertThat(selection.chosen().get()).hasSize(3).contains(SubLayer.feedForward(5));

    selection.extendTo(2, List.of(SubLayerKind.values()));
    assertThat(selection.chosen().get())
        .containsExactlyInAnyOrder(
            SubLayer.attention(2),
            SubLayer.feedForward(2),
            SubLayer.attention(3),
            SubLayer.feedForward(3));
    selection.clear();
    assertThat(selection.isEmpty()).isTrue();
  }
}
