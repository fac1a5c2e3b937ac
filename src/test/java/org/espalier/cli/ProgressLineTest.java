package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.JobState;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter err = new StringWriter();

  private ProgressLine line(boolean interactive) {
    return new ProgressLine(
        new Terminal(
            new PrintWriter(new StringWriter()), new PrintWriter(err, true), interactive, 60),
        () -> "perplexity 6.17");
  }

  private static JobSnapshot job(String stage, long done, long total) {
    return new JobSnapshot(
        1,
        "Analyse tiny",
        JobState.RUNNING,
        stage,
        done,
        total,
        Duration.ofSeconds(1),
        Optional.of(Duration.ofSeconds(200)),
        Optional.empty(),
        0);
  }

  @Test
  void a_terminal_sees_a_bar_that_redraws_itself_and_leaves_nothing() {
    ProgressLine line = line(true);
    line.show(job("Measuring block 3 of 6", 3, 6));
    assertThat(err.toString())
        .startsWith("\r")
        .contains("########........", "50 %", "Measuring block 3 of 6, per")
        .doesNotContain("\n");
    assertThat(err.toString().length()).isLessThan(70);

    line.clear();
    assertThat(err.toString()).endsWith("\r\033[K");
  }

  @Test
  void a_file_sees_a_plain_line_per_job_and_no_flood_of_stages() {
    ProgressLine line = line(false);
    for (int block = 0; block < 6; block++) {
      line.show(job("Measuring block " + block + " of 6", block, 6));
    }
    line.show(job("Writing model.layers.0.mlp.up_proj.weight", 0, 0));
    line.clear();

    assertThat(err.toString().lines())
        .containsExactly(
            "Analyse tiny: Measuring block 0 of 6 (0 of 6), perplexity 6.17, 3 min left");
  }
}
