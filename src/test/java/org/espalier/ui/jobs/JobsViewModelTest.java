package org.espalier.ui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.JobState;
import org.junit.jupiter.api.Test;

class JobsViewModelTest {
  private final Bench bench = new Bench();
  private final JobsViewModel jobs =
      new JobsViewModel(
          bench.workbench, bench.executor, bench.follower, bench.sheets, bench.messages);

  @Test
  void a_job_waits_runs_and_tells_how_long_it_took() {
    bench.putOffJobs();
    bench.opening.open(Optional.empty());
    assertThat(jobs.items().get(0).stage().get()).isEqualTo("waiting for its turn");
    assertThat(jobs.isBusy()).isTrue();

    bench.runJobs();

    assertThat(jobs.items().get(0).state().get()).isEqualTo(JobState.DONE);
    assertThat(jobs.items().get(0).stage().get()).startsWith("done in");
    assertThat(jobs.items().get(0).fraction().get()).isEqualTo(1);
    assertThat(jobs.isBusy()).isFalse();
  }

  @Test
  void a_waiting_job_can_be_cancelled() {
    bench.putOffJobs();
    bench.opening.open(Optional.empty());

    jobs.items().get(0).cancel();
    bench.runJobs();

    assertThat(jobs.items().get(0).stage().get()).isEqualTo("cancelled");
    assertThat(bench.session.checkpoint().get()).isNull();
  }

  @Test
  void a_failed_job_says_why() {
    bench.opening.open(Optional.of(Path.of("/models/broken")));

    assertThat(jobs.items().get(0).state().get()).isEqualTo(JobState.FAILED);
    assertThat(jobs.items().get(0).stage().get()).contains("no config.json");
  }

  @Test
  void a_failed_job_is_tried_again_with_the_same_settings() {
    bench.openedFolder("/models/broken");
    assertThat(bench.notices.sentences()).hasSize(1);

    jobs.repeat(jobs.items().get(0));

    assertThat(jobs.items()).hasSize(1);
    assertThat(jobs.items().get(0).title()).isEqualTo("Open broken");
    assertThat(bench.notices.sentences()).as("told once, not twice").hasSize(1);
  }

  @Test
  void whoever_waited_for_a_failed_job_gets_the_result_of_its_repetition() {
    bench.workbench.failNext("The disk is full: free 3 GiB.");
    bench.opened();
    assertThat(bench.session.checkpoint().get()).isNull();
    assertThat(jobs.items().get(0).stage().get()).isEqualTo("The disk is full: free 3 GiB.");

    jobs.repeat(jobs.items().get(0));

    assertThat(bench.session.checkpoint().get()).isNotNull();
    assertThat(bench.notices.sentences()).isEmpty();
  }

  @Test
  void waiting_jobs_change_places_and_stand_in_the_order_in_which_they_run() {
    bench.putOffJobs();
    bench.workbench.open(Optional.of(Path.of("/models/a")), "cpu");
    bench.workbench.open(Optional.of(Path.of("/models/b")), "cpu");
    bench.workbench.open(Optional.of(Path.of("/models/c")), "cpu");
    assertThat(jobs.items())
        .extracting(JobItem::title)
        .containsExactly("Open a", "Open b", "Open c");
    assertThat(jobs.items().get(2).stage().get()).isEqualTo("waiting behind 2 others");

    jobs.items().get(2).move(true);

    assertThat(jobs.items())
        .extracting(JobItem::title)
        .containsExactly("Open a", "Open c", "Open b");
    bench.runJobs();
    assertThat(jobs.items())
        .as("those that are over, newest first")
        .extracting(JobItem::title)
        .containsExactly("Open c", "Open b", "Open a");
  }

  @Test
  void the_log_says_what_happened_when() {
    bench.openedFolder("/models/broken");

    jobs.showLog(jobs.items().get(0));

    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.JOB_LOG);
    assertThat(jobs.log(jobs.logged().get().orElseThrow()))
        .matches("(?s)[0-9:]{8}  Asked for: Open broken\n.*[0-9:]{8}  The folder .* holds no .*");
  }

  @Test
  void old_successes_make_room_and_can_be_dismissed() {
    for (int i = 0; i < 10; i++) {
      bench.opening.open(Optional.empty());
    }
    assertThat(jobs.items()).hasSize(4);

    jobs.dismiss(jobs.items().get(0));
    assertThat(jobs.items()).hasSize(3);
  }
}
