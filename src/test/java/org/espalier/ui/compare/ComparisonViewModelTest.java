package org.espalier.ui.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.report.FigureFormat;
import org.espalier.report.chart.ParetoChart.Across;
import org.espalier.ui.charts.FigureTaking;
import org.espalier.ui.compare.ComparedRuns.Choice;
import org.espalier.ui.compare.ComparisonViewModel.Kind;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonViewModelTest {
  private final Bench bench = new Bench();
  private final ComparedRuns runs =
      new ComparedRuns(bench.workbench, bench.session, bench.follower);
  private final AgreementViewModel agreement =
      new AgreementViewModel(
          bench.workbench, bench.session, bench.follower, bench.notices, bench.messages);
  private final ContinuationsViewModel continuations =
      new ContinuationsViewModel(
          bench.workbench,
          bench.session,
          runs,
          bench.follower,
          bench.executor,
          bench.notices,
          bench.messages);
  private final ComparisonViewModel comparison =
      new ComparisonViewModel(
          bench.session,
          runs,
          agreement,
          continuations,
          new PreferencesViewModel(bench.preferences),
          bench.sheets,
          new FigureTaking(bench.follower, bench.notices, bench.picker, bench.messages),
          bench.follower,
          bench.picker,
          bench.messages);

  @TempDir Path folder;

  private Run measured(int windows) {
    Run run = bench.pruned();
    bench
        .workbench
        .evaluate(run, "cpu", new EvaluationRequest(Optional.empty(), 128, windows), point -> {})
        .result()
        .join();
    return run;
  }

  @Test
  void runs_under_another_protocol_are_named_but_not_ranked() {
    measured(8);
    measured(8);
    Run other = measured(4);
    measured(0);
    bench.sheets.open().set(Sheet.COMPARISON);

    assertThat(comparison.groups()).hasSize(3);
    assertThat(comparison.group().get().members()).hasSize(2);
    assertThat(comparison.notes())
        .anySatisfy(
            note ->
                assertThat(note).contains("another protocol", "not ranked").contains(other.name()));
    assertThat(comparison.tables()).as("a table for each protocol").hasSize(3);

    comparison.group().set(comparison.groups().get(1));
    assertThat(comparison.group().get().members()).hasSize(1);
  }

  @Test
  void what_was_not_measured_says_what_to_do() {
    bench.pruned();
    bench.sheets.open().set(Sheet.COMPARISON);
    assertThat(comparison.emptyNote()).contains("Evaluate measures");
    comparison.kind().set(Kind.TASKS);
    assertThat(comparison.emptyNote()).contains("data sets");
    comparison.kind().set(Kind.ALLOCATIONS);
    assertThat(comparison.emptyNote()).isEmpty();
    assertThat(comparison.figure(600, 400)).isPresent();
    runs.choices().forEach(choice -> choice.chosen().set(false));
    assertThat(comparison.emptyNote()).contains("Tick runs");
  }

  @Test
  void an_audience_sees_stored_runs_with_their_date_where_there_are_no_others() throws Exception {
    bench.opened();
    bench.sheets.open().set(Sheet.COMPARISON);
    assertThat(runs.chosen()).as("stored runs are offered, not forced").isEmpty();
    assertThat(comparison.storedNote()).isEmpty();

    comparison.demonstrate();
    assertThat(runs.chosen()).isNotEmpty().allMatch(Choice::stored);
    assertThat(comparison.storedNote()).containsPattern("measured on \\d+ \\w+ 20\\d\\d");
    comparison.chooseFullestLevel();
    assertThat(comparison.shown()).hasSizeBetween(4, 8);
    for (Kind kind :
        List.of(Kind.QUALITY, Kind.TRADE_OFF, Kind.TASKS, Kind.ALLOCATIONS, Kind.AGREEMENT)) {
      comparison.kind().set(kind);
      assertThat(comparison.emptyNote()).as(kind.toString()).isEmpty();
      for (FigureFormat format : FigureFormat.values()) {
        Path file = folder.resolve(kind + "." + format.extension());
        bench.picker.willPickFile(file);
        comparison.save(format, 700, 420);
        assertThat(Files.size(file)).as(file.toString()).isGreaterThan(60);
      }
    }
    for (String form : List.of("csv", "md", "tex")) {
      Path file = folder.resolve("table." + form);
      bench.picker.willPickFile(file);
      comparison.saveTables(comparison.tables(), form);
      assertThat(Files.readString(file)).contains("obs 50", "dense");
    }
    comparison.kind().set(Kind.TEXT);
    continuations.startOnce();
    assertThat(continuations.columns().get())
        .hasSizeGreaterThan(4)
        .allSatisfy(column -> assertThat(column.text().text().get()).isNotBlank());
    assertThat(continuations.columns().get().get(0).stored()).as("dense writes now").isFalse();
  }

  @Test
  void a_pruned_variant_of_the_sample_model_has_no_stored_runs() {
    Run run = bench.pruned();
    bench.opening.open(Optional.of(run.folder()));
    bench.sheets.open().set(Sheet.DEMO);
    assertThat(runs.choices()).isEmpty();
  }

  @Test
  void agreement_is_measured_between_the_methods_of_the_ticked_runs() {
    bench.pruned();
    bench.sheets.open().set(Sheet.COMPARISON);
    comparison.kind().set(Kind.AGREEMENT);
    comparison.measureAgreement();
    assertThat(bench.notices.sentences()).anyMatch(note -> note.contains("two methods"));

    bench.method.method().set(bench.method.methods().get(1));
    bench.method.analyse();
    bench.toolbar.prune();
    bench.sheets.open().set(Sheet.COMPARISON);
    comparison.measureAgreement();

    assertThat(agreement.known().get().orElseThrow().agreement().pairs())
        .singleElement()
        .satisfies(
            pair -> assertThat(List.of(pair.first(), pair.second())).contains("flap", "magnitude"));
    assertThat(comparison.figure(600, 400)).isPresent();
  }

  @Test
  void the_trade_off_goes_without_speed() {
    measured(8);
    bench.sheets.open().set(Sheet.COMPARISON);
    comparison.kind().set(Kind.TRADE_OFF);
    assertThat(comparison.emptyNote()).contains("Against size");
    comparison.across().set(Across.SIZE);
    assertThat(comparison.emptyNote()).isEmpty();
  }
}
