package org.espalier.ui.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.start.FirstStepsViewModel.Step;
import org.junit.jupiter.api.Test;

class FirstStepsViewModelTest {
  private final Bench bench = new Bench();

  private FirstStepsViewModel newcomer() {
    bench.preferences.setKnowsFirstSteps(false);
    return new FirstStepsViewModel(bench.session, bench.draft, bench.folders, bench.preferences);
  }

  @Test
  void lead_from_the_analysis_over_the_shape_to_the_first_run_and_go_away_for_good() {
    FirstStepsViewModel steps = newcomer();
    bench.opened();
    assertThat(steps.wanted().get()).isTrue();
    assertThat(steps.next().get()).isEqualTo(Step.ANALYSE);

    bench.method.analyse();
    assertThat(steps.next().get()).isEqualTo(Step.SHAPE);

    bench.draft.toggleLock(SubLayer.attention(1));
    assertThat(steps.next().get()).isEqualTo(Step.PRUNE);

    bench.toolbar.prune();
    assertThat(steps.wanted().get()).isFalse();
    assertThat(bench.preferences.knowsFirstSteps()).isTrue();
  }

  @Test
  void are_put_away_for_good_by_a_click() {
    FirstStepsViewModel steps = newcomer();

    steps.putAway();

    assertThat(steps.wanted().get()).isFalse();
    assertThat(bench.preferences.knowsFirstSteps()).isTrue();
  }

  @Test
  void models_opened_before_are_offered_until_something_has_begun() {
    for (String name : new String[] {"a", "b", "c", "d"}) {
      bench.preferences.addRecent(Path.of("/models/" + name));
    }
    FirstStepsViewModel steps = newcomer();
    assertThat(steps.recent()).isEmpty();

    bench.opened();
    assertThat(steps.recent())
        .containsExactly(Path.of("/models/d"), Path.of("/models/c"), Path.of("/models/b"));

    bench.method.analyse();
    assertThat(steps.recent()).isEmpty();
  }
}
