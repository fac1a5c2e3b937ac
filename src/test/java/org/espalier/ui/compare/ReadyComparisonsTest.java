package org.espalier.ui.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.Job;
import org.espalier.workbench.ReadyComparison;
import org.junit.jupiter.api.Test;

class ReadyComparisonsTest {
  private final Bench bench = new Bench();

  private final ReportViewModel report = new ReportViewModel(bench.picker, bench.sheets);

  private ReadyComparisons comparisons() {
    return new ReadyComparisons(
        bench.workbench,
        bench.session,
        bench.follower,
        bench.notices,
        bench.picker,
        report,
        bench.messages);
  }

  @Test
  void one_click_compares_on_the_sample_model_and_shows_the_result() {
    bench.opened();

    comparisons().start(ReadyComparison.DEPTH_AGAINST_WIDTH);

    assertThat(bench.workbench.jobs().stream().map(Job::snapshot).toList())
        .anyMatch(job -> job.title().startsWith("Depth against width on "));
    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.REPORT);
    report.openReport();
    report.showFolder();
    assertThat(bench.picker.shown())
        .containsExactly(Path.of("/comparisons/report.html"), Path.of("/comparisons"));
  }

  @Test
  void a_result_does_not_push_another_sheet_away() {
    bench.opened();
    bench.sheets.open().set(Sheet.EXPORT);

    comparisons().start(ReadyComparison.ALL_METHODS);

    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.EXPORT);
    assertThat(bench.notices.sentences())
        .singleElement()
        .asString()
        .startsWith("All methods is done.");
    report.show();
    assertThat(bench.sheets.open().get()).isEqualTo(Sheet.REPORT);
  }

  @Test
  void without_a_model_it_says_what_to_do_first() {
    comparisons().start(ReadyComparison.DEPTH_AGAINST_WIDTH);

    assertThat(bench.workbench.jobs()).isEmpty();
    assertThat(bench.notices.sentences())
        .containsExactly(bench.messages.text("notice.nothingOpen"));
  }
}
