package org.espalier.ui.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Sheets;
import org.junit.jupiter.api.Test;

class HubViewModelTest {
  private final Bench bench = new Bench();
  private final HubViewModel hub =
      new HubViewModel(
          bench.workbench,
          bench.opening,
          bench.follower,
          bench.notices,
          bench.sheets,
          bench.messages,
          Runnable::run);

  private void looked(String model) {
    hub.propose();
    hub.model().set(model);
    hub.next();
  }

  @Test
  void shows_files_and_size_before_anything_is_downloaded() {
    looked("lab/tiny");

    assertThat(hub.step().get()).isEqualTo(HubViewModel.Step.LISTED);
    assertThat(hub.files().get())
        .extracting(HubViewModel.FileLine::name)
        .containsExactly("config.json", "model.safetensors");
    assertThat(hub.state().get()).contains("2 files").contains("to download");
    assertThat(bench.session.checkpoint().get()).isNull();
  }

  @Test
  void opens_the_model_after_the_download_and_closes_the_sheet() {
    looked("hub:lab/tiny");

    hub.next();

    assertThat(bench.session.checkpoint().get().folder()).isEqualTo(Path.of("/hub/lab-tiny"));
    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.NONE);
    assertThat(hub.step().get()).isEqualTo(HubViewModel.Step.NAME);
  }

  @Test
  void a_model_that_is_here_is_opened_without_asking_the_hub() {
    looked("lab/kept");

    assertThat(hub.step().get()).isEqualTo(HubViewModel.Step.HERE);
    assertThat(hub.state().get()).contains("/hub/kept");
    hub.next();
    assertThat(bench.session.checkpoint().get().folder()).isEqualTo(Path.of("/hub/kept"));
    assertThat(bench.workbench.jobs())
        .extracting(job -> job.snapshot().title())
        .noneMatch(title -> title.startsWith("List"));
  }

  @Test
  void refusals_and_senseless_names_are_told_in_the_sheet() {
    looked("lab/missing");
    assertThat(hub.failure().get()).contains("404");
    assertThat(hub.step().get()).isEqualTo(HubViewModel.Step.NAME);
    assertThat(bench.notices.sentences()).isEmpty();

    hub.model().set("no such/name/at all");
    assertThat(hub.failure().get()).isEmpty();
    hub.next();
    assertThat(hub.failure().get()).contains("ORG/NAME");
  }

  @Test
  void a_stopped_download_can_be_taken_up_again() {
    looked("lab/tiny");
    bench.putOffJobs();
    hub.next();
    assertThat(hub.busy().get()).isTrue();
    hub.cancel();
    bench.runJobs();

    assertThat(hub.step().get()).isEqualTo(HubViewModel.Step.LISTED);
    assertThat(hub.state().get()).contains("kept");
    hub.next();
    assertThat(bench.session.checkpoint().get()).isNotNull();
  }
}
