package org.espalier.ui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.ui.fake.Bench;
import org.espalier.workbench.JobState;
import org.junit.jupiter.api.Test;

class JobsViewModelTest {
  private final Bench bench = new Bench();
  private final JobsViewModel jobs =
      new JobsViewModel(bench.workbench, bench.executor, bench.messages);

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
  void old_successes_make_room_and_can_be_dismissed() {
    for (int i = 0; i < 10; i++) {
      bench.opening.open(Optional.empty());
    }
    assertThat(jobs.items()).hasSize(4);

    jobs.dismiss(jobs.items().get(0));
    assertThat(jobs.items()).hasSize(3);
  }
}
