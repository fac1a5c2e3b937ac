package org.espalier.ui.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.export.WeightFormat;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.Destination;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportViewModelTest {
  @TempDir Path folder;

  private final Bench bench = new Bench();
  private final ExportViewModel export =
      new ExportViewModel(
          bench.workbench,
          bench.session,
          bench.opening,
          bench.follower,
          bench.notices,
          bench.sheets,
          bench.picker,
          bench.messages);

  @Test
  void without_a_run_it_says_what_to_do_first() {
    bench.analysed();

    export.propose();

    assertThat(bench.notices.sentences()).singleElement().asString().contains("prune the draft");
    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.NONE);
  }

  @Test
  void proposes_the_shown_run_and_a_target_that_holds_uneven_widths() {
    Run run = bench.pruned();

    export.propose();

    assertThat(export.run().get()).isEqualTo(run);
    assertThat(export.target().get().name()).isEqualTo("hf");
    assertThat(export.size().get()).contains("parameters");
  }

  @Test
  void asks_for_a_folder_before_anything_starts() {
    bench.pruned();
    export.propose();

    export.start();

    assertThat(export.failure().get()).startsWith("Choose a folder first");
    bench.picker.willPickFolder(folder);
    export.start();
    assertThat(export.summary().get()).as("asked for the folder by itself").isNotNull();
  }

  @Test
  void shows_the_proof_and_how_to_load_the_result() {
    bench.pruned();
    export.propose();
    bench.picker.willPickFolder(folder);
    export.chooseFolder();
    export.format().set(WeightFormat.F32);

    export.start();

    assertThat(export.summary().get().loadSnippet()).contains("from_pretrained");
    assertThat(export.proof().get()).contains("3.1e-6");
    assertThat(export.exporting().get()).isFalse();

    export.openResult();
    assertThat(bench.session.checkpoint().get().folder())
        .isEqualTo(export.summary().get().folder());
  }

  @Test
  void before_anything_is_written_it_tells_the_proof_the_space_and_how_to_load_it() {
    bench.pruned();
    export.propose();
    assertThat(export.space().get()).isEmpty();
    assertThat(export.proof().get()).startsWith("Before it appears");
    assertThat(export.snippet().get()).contains("\"flap-30-hf\"", "trust_remote_code");

    bench.picker.willPickFolder(Path.of("/full"));
    export.chooseFolder();
    assertThat(export.tooLarge().get()).isTrue();
    assertThat(export.space().get()).isEqualTo("only 1000 B free there");

    bench.picker.willPickFolder(folder);
    export.chooseFolder();
    assertThat(export.tooLarge().get()).isFalse();
    assertThat(export.space().get()).isEqualTo("12.00 GiB free there");
    assertThat(export.snippet().get()).contains(folder.toString());
  }

  @Test
  void proposes_where_it_was_said_that_it_will_run() {
    bench.session.destination().set(new Destination("hf-stock", 1));
    bench.pruned();

    export.propose();

    assertThat(export.target().get().name()).isEqualTo("hf-stock");
    assertThat(export.refusal().get()).isEmpty();
  }

  @Test
  void a_target_that_cannot_hold_the_run_says_so_before_anything_starts() {
    bench.pruned();
    bench.session.destination().set(new Destination("hf-stock", 1));
    bench.picker.willPickFolder(folder);

    export.propose();
    export.chooseFolder();

    assertThat(export.target().get().name()).isEqualTo("hf-stock");
    assertThat(export.refusal().get()).contains("different widths", "choose the target hf");
    assertThat(export.proof().get()).as("nothing will be proved").isEmpty();
    assertThat(export.snippet().get()).as("nothing will be loaded").isEmpty();
    export.start();
    assertThat(export.summary().get()).isNull();
    assertThat(bench.workbench.jobs().stream().map(job -> job.snapshot().title()))
        .noneMatch(title -> title.startsWith("Export"));

    export.target().set(export.targets().get(1));
    assertThat(export.refusal().get()).isEmpty();
    assertThat(export.proof().get()).startsWith("Before it appears");
    assertThat(export.snippet().get()).contains("from_pretrained");
  }

  @Test
  void a_failure_is_told_in_the_sheet_and_not_again_behind_it() throws Exception {
    bench.pruned();
    export.propose();
    bench.picker.willPickFolder(folder);
    export.chooseFolder();
    Files.createDirectory(Path.of(export.folder().get()));

    export.start();

    assertThat(export.failure().get()).contains("exists already");
    assertThat(bench.notices.sentences()).isEmpty();

    export.overwrite().set(true);
    export.start();
    assertThat(export.failure().get()).isEmpty();
    assertThat(export.summary().get()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "flap 30.0 %,hf,flap-30.0-hf",
    "../../etc,hf,etc-hf",
    "Größe 1/2,gguf,Gr-e-1-2-gguf",
    "'  ',hf,hf"
  })
  void makes_folder_names_that_every_file_system_takes(String run, String target, String name) {
    assertThat(ExportViewModel.folderName(run, target)).isEqualTo(name);
  }
}
