package org.espalier.ui.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.ui.fake.Bench;
import org.espalier.workbench.Job;
import org.espalier.workbench.ReadyComparison;
import org.junit.jupiter.api.Test;

class ReadyComparisonsTest {
  private final Bench bench = new Bench();

  private ReadyComparisons comparisons() {
    return new ReadyComparisons(
        bench.workbench,
        bench.session,
        bench.follower,
        bench.notices,
        bench.picker,
        bench.messages);
  }

  @Test
  void one_click_compares_on_the_sample_model_and_tells_where_the_report_is() {
    bench.opened();

    comparisons().start(ReadyComparison.DEPTH_AGAINST_WIDTH);

    assertThat(bench.workbench.jobs().stream().map(Job::snapshot).toList())
        .anyMatch(job -> job.title().startsWith("Depth against width on "));
    assertThat(bench.notices.sentences())
        .containsExactly("Depth against width is done; the report is /comparisons/report.html");
  }

  @Test
  void without_a_model_it_says_what_to_do_first() {
    comparisons().start(ReadyComparison.DEPTH_AGAINST_WIDTH);

    assertThat(bench.workbench.jobs()).isEmpty();
    assertThat(bench.notices.sentences())
        .containsExactly(bench.messages.text("notice.nothingOpen"));
  }
}
