package org.espalier.ui.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.jobs.JobsViewModel;
import org.espalier.ui.session.Sheets.Sheet;
import org.junit.jupiter.api.Test;

class ClosingViewModelTest {
  private final Bench bench = new Bench();
  private final ClosingViewModel closing =
      new ClosingViewModel(
          new JobsViewModel(
              bench.workbench, bench.executor, bench.follower, bench.sheets, bench.messages),
          bench.unfinished,
          bench.notices,
          bench.sheets,
          bench.messages);
  private int closed;

  private boolean close() {
    return closing.mayClose(() -> closed++);
  }

  private void startJobs() {
    bench.analysed();
    bench.putOffJobs();
    bench.toolbar.prune();
    bench.workbench.open(Optional.empty(), "cpu");
  }

  @Test
  void a_window_without_jobs_closes_at_once() {
    bench.analysed();

    assertThat(close()).isTrue();
    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.NONE);
  }

  @Test
  void asks_and_says_what_stopping_means_for_each_job() {
    startJobs();

    assertThat(close()).isFalse();

    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.CLOSING);
    assertThat(closing.lines())
        .containsExactly(
            "Prune flap 30 %: goes on where it stood",
            "Open sample model: starts over when it is asked for again");
    closing.goBack();
    assertThat(closed).isZero();
    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.NONE);
  }

  @Test
  void closes_by_itself_after_the_last_job() {
    startJobs();
    close();

    closing.waitForJobs();
    assertThat(closed).isZero();
    bench.runJobs();

    assertThat(closed).isEqualTo(1);
    assertThat(bench.notices.offers()).isEmpty();
  }

  @Test
  void waiting_can_be_taken_back() {
    startJobs();
    close();
    closing.waitForJobs();

    bench.notices.offers().get(0).work().run();
    bench.runJobs();

    assertThat(closed).isZero();
  }

  @Test
  void stops_them_and_closes() {
    startJobs();
    close();

    closing.stopJobs();

    assertThat(closed).isEqualTo(1);
  }
}
