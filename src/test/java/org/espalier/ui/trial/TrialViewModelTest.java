package org.espalier.ui.trial;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.ui.fake.Bench;
import org.junit.jupiter.api.Test;

class TrialViewModelTest {
  private final Bench bench = new Bench();
  private final TrialViewModel trial =
      new TrialViewModel(
          bench.workbench,
          bench.session,
          bench.draft,
          bench.follower,
          bench.executor,
          bench.notices,
          bench.messages);

  @Test
  void both_texts_are_shown_and_no_run_is_made() {
    bench.analysed();

    trial.start();

    assertThat(trial.dense().get()).startsWith(" dense0 dense1");
    assertThat(trial.drafted().get()).startsWith(" draft0 draft1");
    assertThat(trial.running().get()).isFalse();
    assertThat(trial.title().get()).contains("30 %");
    assertThat(bench.session.runs()).isEmpty();
  }

  @Test
  void can_be_stopped_and_forgets_with_the_checkpoint() {
    bench.analysed();
    bench.putOffJobs();
    trial.start();
    assertThat(trial.running().get()).isTrue();
    trial.stop();
    bench.runJobs();
    assertThat(trial.running().get()).isFalse();

    trial.start();
    bench.openedFolder("/models/other");
    assertThat(trial.dense().get()).isEmpty();
  }

  @Test
  void an_empty_prompt_is_refused_in_words() {
    bench.analysed();
    trial.prompt().set("  ");

    trial.start();

    assertThat(trial.problem().get()).contains("prompt");
    assertThat(trial.dense().get()).isEmpty();
  }
}
