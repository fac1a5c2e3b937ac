package org.espalier.ui.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.espalier.pruning.MethodDescription;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.CalibrationRequest;
import org.junit.jupiter.api.Test;

class MethodViewModelTest {
  private final Bench bench = new Bench();
  private final MethodViewModel method = bench.method;

  @Test
  void analyses_with_the_chosen_method_and_only_the_changed_parameters() {
    bench.opened();
    MethodDescription flap = method.method().get();
    method.value(flap.parameters().get(0)).set("IFV");
    method.samples().set("32");
    method.seed().set("7");

    method.analyse();

    assertThat(bench.session.analysis().get().request().parameters())
        .isEqualTo(Map.of("metric", "IFV"));
    assertThat(bench.session.analysis().get().request().calibration())
        .isEqualTo(new CalibrationRequest(Optional.empty(), 32, 128, 7));
    assertThat(method.measured().get())
        .isEqualTo("Shown: FLAP, 32 windows of 128 tokens of the sample’s text, seed 7");
  }

  @Test
  void each_method_remembers_its_own_values() {
    bench.opened();
    MethodDescription flap = method.method().get();
    method.value(flap.parameters().get(0)).set("IFV");

    method.method().set(method.methods().get(2));
    method.method().set(flap);

    assertThat(method.value(flap.parameters().get(0)).get()).isEqualTo("IFV");
  }

  @Test
  void stories_stand_in_for_a_calibration_text_until_one_is_chosen() {
    bench.openedFolder("/models/other");
    assertThat(method.calibration().get()).isEqualTo("Espalier’s stories");
    assertThat(method.standInNote().get()).contains("stand in");

    method.analyse();
    assertThat(bench.session.analysis().get().request().calibration().file()).isEmpty();

    bench.picker.willPickText(Path.of("/texts/c4.jsonl"));
    method.chooseCalibration();
    assertThat(method.calibration().get()).isEqualTo("c4.jsonl");
    assertThat(method.standInNote().get()).isEmpty();
    assertThat(method.canForgetCalibration().get()).isTrue();

    method.forgetCalibration();
    assertThat(method.calibration().get()).isEqualTo("Espalier’s stories");
    assertThat(method.canForgetCalibration().get()).isFalse();
  }

  @Test
  void a_folder_without_tokenizer_asks_for_windows_until_they_are_chosen() {
    bench.openedFolder("/models/no-tokenizer");

    method.analyse();
    assertThat(bench.notices.sentences())
        .singleElement()
        .asString()
        .contains("FLAP needs calibration windows for no-tokenizer");

    bench.picker.willPickText(Path.of("/texts/windows.json"));
    method.chooseCalibration();
    method.analyse();
    assertThat(bench.session.analysis().get()).isNotNull();
    assertThat(bench.notices.sentences()).as("what was missing is there").isEmpty();
  }

  @Test
  void a_method_without_calibration_needs_no_text() {
    bench.openedFolder("/models/other");
    method.method().set(method.methods().get(1));

    method.analyse();

    assertThat(method.needsCalibration()).isFalse();
    assertThat(bench.session.analysis().get().method().name()).isEqualTo("magnitude");
  }

  @Test
  void is_busy_until_the_analysis_is_there_and_cancelled_when_another_model_opens() {
    bench.opened();
    bench.putOffJobs();
    method.analyse();
    assertThat(method.analysing().get()).isTrue();

    bench.openedFolder("/models/other");
    bench.runJobs();

    assertThat(method.analysing().get()).isFalse();
    assertThat(bench.session.checkpoint().get().name()).isEqualTo("other");
    assertThat(bench.session.analysis().get()).isNull();
  }

  @Test
  void a_sample_count_that_is_no_number_is_told() {
    bench.opened();
    method.samples().set("some");

    method.analyse();

    assertThat(bench.notices.sentences())
        .singleElement()
        .asString()
        .contains("“windows”", "“some”");
  }

  @Test
  void a_shown_run_tells_its_own_method_settings_and_calibration() {
    bench.opened();
    bench.method.value(bench.method.methods().get(0).parameters().get(0)).set("IFV");
    bench.method.analyse();
    bench.toolbar.prune();

    assertThat(bench.method.measured().get())
        .isEqualTo("This run: flap with metric IFV; 64 windows of 128 tokens, seed 0");
    bench.session.shown().set(Shown.DRAFT);
    assertThat(bench.method.measured().get()).startsWith("Shown: FLAP, 64 windows");
  }
}
