package org.espalier.ui.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.espalier.recovery.RecoverySetting;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.Job;
import org.espalier.workbench.RecoveryRequest;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class RecoveryViewModelTest {
  private final Bench bench = new Bench();
  private final RecoveryViewModel recovery =
      new RecoveryViewModel(
          bench.workbench,
          bench.session,
          bench.unfinished,
          bench.follower,
          bench.notices,
          bench.sheets,
          bench.picker,
          bench.messages);

  @Test
  void a_training_ends_in_a_new_run_that_is_shown_with_its_curve() {
    Run pruned = bench.pruned();
    recovery.propose(pruned);
    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.RECOVERY);
    assertThat(recovery.curve().get().heldOut()).isEmpty();

    recovery.start();

    Run recovered = bench.session.shownRun().orElseThrow();
    assertThat(recovered.name()).isEqualTo(pruned.name() + ", recovered");
    assertThat(recovered.recoveredFrom().orElseThrow().runId()).isEqualTo(pruned.id());
    assertThat(bench.session.belongsHere(recovered)).isTrue();
    assertThat(recovery.running().get()).isFalse();
    assertThat(recovery.curve().get().heldOut()).hasSize(11);
    assertThat(recovery.state().get()).contains("Trained from " + pruned.name(), "100 steps done");
  }

  @Test
  void points_appear_while_it_goes_on() {
    recovery.propose(bench.pruned());
    bench.putOffJobs();
    recovery.start();
    assertThat(recovery.running().get()).isTrue();
    assertThat(recovery.state().get()).startsWith("Waiting");
    List<Job<?>> jobs = bench.workbench.jobs();
    int[] seen = {0};
    jobs.get(jobs.size() - 1)
        .onChange(
            snapshot -> {
              recovery.drain();
              seen[0] = Math.max(seen[0], recovery.curve().get().training().size());
            });

    bench.runJobs();

    assertThat(seen[0]).isGreaterThan(50);
  }

  @Test
  void a_setting_that_makes_no_sense_is_told_and_nothing_starts() {
    recovery.propose(bench.pruned());
    recovery.value(RecoverySetting.RANK).set("wide");
    int jobs = bench.workbench.jobs().size();

    recovery.start();

    assertThat(bench.workbench.jobs()).hasSize(jobs);
    assertThat(bench.notices.sentences())
        .singleElement()
        .asString()
        .contains("rank", "whole number from 1 to 4096", "'wide'");
  }

  @Test
  void a_recovered_run_shows_how_it_was_trained() {
    recovery.propose(bench.pruned());
    recovery.start();
    Run recovered = bench.session.shownRun().orElseThrow();
    recovery.propose(bench.session.runs().get(0));
    assertThat(recovery.curve().get().heldOut()).isEmpty();

    recovery.propose(recovered);

    assertThat(recovery.curve().get().heldOut()).hasSize(11);
    assertThat(recovery.state().get()).startsWith("Trained from");
  }

  @Test
  void what_is_learned_from_has_a_name() {
    recovery.propose(bench.pruned());
    assertThat(recovery.fileName().get()).contains("stories");

    recovery.kind().set(RecoveryRequest.Kind.INSTRUCTIONS);
    assertThat(recovery.fileName().get()).isEqualTo("choose a file…");
    bench.picker.willPickFile(Path.of("/data/alpaca.json"));
    recovery.chooseFile();

    assertThat(recovery.fileName().get()).isEqualTo("alpaca.json");
  }
}
