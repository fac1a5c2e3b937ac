package org.espalier.ui.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.report.comparison.EvaluationCommands;
import org.espalier.ui.charts.DenseRecall;
import org.espalier.ui.charts.PerplexityViewModel;
import org.espalier.ui.charts.PerplexityViewModel.Line;
import org.espalier.ui.charts.SpeedViewModel;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Job;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;

class EvaluationViewModelTest {
  private static final EvaluationCommands COMMANDS =
      new EvaluationCommands("model", true, Orders.NONE);

  private final Bench bench = new Bench();
  private final PerplexityViewModel perplexity =
      new PerplexityViewModel(bench.session, bench.measurements, bench.messages);
  private final SpeedViewModel speed = new SpeedViewModel(bench.session, bench.messages);
  private final TasksViewModel tasks =
      new TasksViewModel(
          bench.workbench,
          bench.session,
          new TaskMeasurements(bench.executor),
          bench.follower,
          bench.picker,
          bench.messages);
  private final EvaluationViewModel evaluation =
      new EvaluationViewModel(
          bench.workbench,
          bench.session,
          bench.measurements,
          bench.follower,
          bench.notices,
          bench.sheets,
          bench.picker,
          tasks,
          bench.messages);

  private final MeasuredViewModel measured =
      new MeasuredViewModel(
          bench.workbench,
          bench.session,
          bench.measurements,
          evaluation,
          tasks,
          bench.sheets,
          bench.follower,
          bench.messages);

  @Test
  void speed_is_measured_at_the_lengths_that_are_asked_for() {
    bench.pruned();
    evaluation.propose();
    evaluation.perplexity().set(false);
    evaluation.batch().set("0");
    evaluation.start();
    assertThat(bench.notices.sentences())
        .containsExactly("“Batch” must be a whole number of at least 1, not “0”.");
    evaluation.batch().set("4");
    evaluation.promptTokens().set("64");
    evaluation.newTokens().set("16");

    evaluation.start();

    SpeedViewModel.Speed shown = speed.speed().get().orElseThrow();
    assertThat(shown.protocol()).startsWith("batch 4 · 64 tokens read, 16 written");
    assertThat(shown.notes()).singleElement().asString().contains("1.30 times faster at most");
  }

  @Test
  void the_dense_models_line_comes_back_with_the_run_when_the_checkpoint_is_opened_again() {
    bench.pruned();
    evaluation.propose();
    evaluation.start();
    double dense = bench.measurements.densePerplexity().orElseThrow();
    new DenseRecall(bench.workbench, bench.session, bench.measurements, bench.executor).begin();

    bench.opened();
    assertThat(bench.measurements.densePerplexity()).isEmpty();
    bench.session.shown().set(Shown.run(bench.session.runs().get(0)));

    assertThat(bench.measurements.densePerplexity()).contains(dense);
  }

  @Test
  void nothing_is_started_while_a_field_is_wrong() {
    bench.pruned();
    evaluation.propose();
    evaluation.newTokens().set("many");

    evaluation.start();

    assertThat(bench.workbench.jobs())
        .extracting(EvaluationViewModelTest::title)
        .noneMatch(title -> title.startsWith("Evaluate"));
  }

  @Test
  void the_dense_model_is_measured_alone_and_shown_with_its_numbers() {
    bench.opened();
    evaluation.propose();
    evaluation.start();

    evaluation.propose();

    assertThat(measured.lines().get())
        .extracting(MeasuredLine::title)
        .containsExactly("Perplexity", "Speed");
    assertThat(measured.lines().get().get(1).detail()).contains("peak memory 96.0 MiB", "batch 1");
  }

  @Test
  void every_number_of_a_run_is_measured_again_as_it_was_asked_for() {
    Run run = bench.pruned();
    evaluation.propose();
    evaluation.maxWindows().set("8");
    evaluation.batch().set("2");
    tick("piqa");
    tasks.limit().set("50");
    evaluation.start();
    // What the fields say by now is of no account.
    evaluation.maxWindows().set("0");
    evaluation.batch().set("1");
    tasks.limit().set("100");
    evaluation.propose();
    assertThat(measured.lines().get())
        .extracting(MeasuredLine::title)
        .containsExactly("Perplexity", "PIQA", "Speed");
    assertThat(measured.lines().get())
        .extracting(MeasuredLine::command)
        .satisfiesExactly(
            command ->
                assertThat(command)
                    .startsWith("espalier evaluate '" + run.name() + "' ")
                    .contains("--window 128 --max-windows 8 --bos tokenizer --device cpu --again"),
            command ->
                assertThat(command).contains("--tasks piqa --data /data --profile HCUR --limit 50"),
            command -> assertThat(command).contains("--speed --batch 2 --prompt-tokens 128"));
    int before = bench.workbench.jobs().size();

    List.copyOf(measured.lines().get()).forEach(measured::again);

    assertThat(bench.workbench.jobs().subList(before, bench.workbench.jobs().size()))
        .extracting(EvaluationViewModelTest::title)
        .containsExactly(
            "Evaluate " + run.name(),
            "piqa with " + run.name(),
            "Measure the speed of " + run.name());
    Run measuredAgain = bench.session.shownRun().orElseThrow();
    assertThat(measuredAgain.perplexities()).extracting(PerplexityResult::windows).containsOnly(8);
    assertThat(measuredAgain.speed().orElseThrow().pruned().batch()).isEqualTo(2);
    assertThat(measuredAgain.tasks().get(0).protocol().items()).isEqualTo(50);
  }

  @Test
  void every_number_of_the_dense_model_is_measured_again_as_it_was_asked_for() {
    bench.opened();
    evaluation.propose();
    evaluation.maxWindows().set("8");
    evaluation.bos().set(BosRule.ALWAYS);
    evaluation.batch().set("2");
    tick("piqa");
    tasks.limit().set("50");
    evaluation.start();
    evaluation.maxWindows().set("0");
    evaluation.propose();
    assertThat(measured.lines().get())
        .extracting(MeasuredLine::command)
        .satisfiesExactly(
            command ->
                assertThat(command)
                    .startsWith("espalier evaluate sample ")
                    .contains("--window 128 --max-windows 8 --bos always"),
            command -> assertThat(command).contains("--tasks piqa --data /data", "--limit 50"),
            command -> assertThat(command).contains("--speed --batch 2"));
    int before = bench.workbench.jobs().size();

    List.copyOf(measured.lines().get()).forEach(measured::again);

    assertThat(bench.workbench.jobs().subList(before, bench.workbench.jobs().size()))
        .extracting(EvaluationViewModelTest::title)
        .containsExactly(
            "Evaluate sample model", "piqa with sample model", "Measure the speed of sample model");
    assertThat(evaluation.denseResults()).extracting(PerplexityResult::windows).containsOnly(8);
  }

  @Test
  void proposes_the_shown_run() {
    Run run = bench.pruned();

    evaluation.propose();

    assertThat(evaluation.subject().get().run()).contains(run);
    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.EVALUATION);
  }

  @Test
  void measures_the_dense_model_beside_the_run_and_shows_both_with_their_protocol() {
    Run run = bench.pruned();
    evaluation.propose();

    evaluation.start();

    assertThat(perplexity.chart().get().lines())
        .extracting(Line::name)
        .containsExactly("dense", run.name());
    assertThat(perplexity.chart().get().protocol())
        .isEqualTo(
            "held-out text · 24 windows of 128 tokens · BOS before every window · float32 · cpu");
    assertThat(speed.speed().get()).isPresent();
    assertThat(speed.speed().get().orElseThrow().protocol()).contains("128 written", "quartiles");
    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.NONE);
  }

  @Test
  void the_dense_model_is_measured_once_for_one_question() {
    bench.pruned();
    evaluation.propose();
    evaluation.start();
    evaluation.propose();
    evaluation.start();

    assertThat(bench.workbench.jobs())
        .filteredOn(job -> title(job).equals("Evaluate sample model"))
        .hasSize(1);
  }

  @Test
  void curves_of_other_windows_do_not_stand_beside_each_other() {
    bench.pruned();
    evaluation.propose();
    evaluation.start();
    bench.session.shown().set(Shown.DRAFT);
    bench.toolbar.prune();
    evaluation.maxWindows().set("8");
    evaluation.propose();
    evaluation.start();

    assertThat(perplexity.chart().get().lines())
        .extracting(line -> line.curve().perplexities().size())
        .containsOnly(8);
  }

  @Test
  void a_folder_without_tokenizer_asks_for_windows_until_they_are_chosen() {
    bench.openedFolder("/models/no-tokenizer");
    evaluation.propose();

    evaluation.start();

    assertThat(bench.notices.sentences()).singleElement().asString().contains("needs a text");
    bench.picker.willPickText(Path.of("/texts/windows.json"));
    evaluation.chooseText();
    assertThat(evaluation.textName().get()).isEqualTo("windows.json");
    evaluation.start();
    assertThat(bench.notices.sentences()).isEmpty();
  }

  @Test
  void stories_stand_in_for_a_text_that_a_folder_does_not_bring() {
    bench.openedFolder("/models/other");
    evaluation.propose();
    assertThat(evaluation.textName().get()).isEqualTo("Espalier’s held-out stories");

    evaluation.start();

    assertThat(bench.notices.sentences()).isEmpty();
    assertThat(perplexity.chart().get().lines()).extracting(Line::name).containsExactly("dense");
  }

  @Test
  void a_first_look_at_a_new_run_measures_its_perplexity_and_nothing_else() {
    Run run = bench.pruned();

    evaluation.lookAt(run);

    assertThat(perplexity.chart().get().lines())
        .extracting(Line::name)
        .containsExactly("dense", run.name());
    assertThat(speed.speed().get()).isEmpty();
  }

  @Test
  void a_run_to_compare_with_is_measured_on_the_windows_of_the_other() {
    Run run = bench.pruned();
    evaluation.maxWindows().set("8");
    evaluation.propose();
    evaluation.start();
    evaluation.maxWindows().set("0");
    bench.session.shown().set(Shown.DRAFT);
    bench.toolbar.prune();
    Run other = bench.session.shownRun().orElseThrow();

    evaluation.measureLike(run, other);

    assertThat(perplexity.chart().get().lines())
        .extracting(line -> line.curve().perplexities().size())
        .containsExactly(8, 8, 8);
  }

  @Test
  void a_window_that_is_no_number_is_told_by_name() {
    bench.pruned();
    evaluation.propose();
    evaluation.window().set("long");

    evaluation.start();

    assertThat(bench.notices.sentences())
        .containsExactly("“Tokens per window” must be a whole number of at least 0, not “long”.");
  }

  private void tick(String task) {
    bench.picker.willPickFolder(Path.of("/data"));
    tasks.chooseFolder();
    tasks.choices().get().stream()
        .filter(choice -> choice.entry().task().equals(task))
        .forEach(choice -> choice.wanted().set(true));
  }

  @Test
  void a_task_is_put_to_both_models_and_the_difference_is_judged() {
    Run run = bench.pruned();
    evaluation.propose();
    evaluation.perplexity().set(false);
    evaluation.speed().set(false);
    assertThat(evaluation.anything()).isFalse();
    tick("piqa");
    tasks.limit().set("200");
    assertThat(evaluation.anything()).isTrue();

    evaluation.start();

    assertThat(bench.workbench.jobs())
        .extracting(EvaluationViewModelTest::title)
        .contains("piqa with sample model", "piqa with " + run.name());
    assertThat(tasks.lines(Optional.of(run), COMMANDS))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.title()).isEqualTo("PIQA");
              assertThat(line.number()).matches("acc_norm \\d+\\.\\d % ± \\d+\\.\\d");
              assertThat(line.detail()).isEqualTo("200 items · HCUR · 0-shot");
              assertThat(line.remarks()).contains("points against dense");
              assertThat(line.description()).contains("piqa version 1", "float32 on cpu");
            });
    assertThat(tasks.lines(Optional.empty(), COMMANDS)).hasSize(1);
  }

  @Test
  void the_folder_is_told_with_what_it_offers() {
    tick("mmlu");

    assertThat(tasks.folderName().get()).isEqualTo("data · 3 tasks found");
  }

  @Test
  void the_window_may_be_the_models_own_and_other_words_are_refused() {
    bench.pruned();
    evaluation.propose();
    evaluation.speed().set(false);
    evaluation.goodEnough().set("soon");
    evaluation.window().set("model");
    evaluation.start();
    assertThat(bench.notices.sentences())
        .containsExactly(
            "“Stop at a band of % (0: all)” must be a whole number of at least 0, not “soon”.");
    evaluation.goodEnough().set("5");

    evaluation.start();

    assertThat(bench.sheets.open().get()).isEqualTo(Sheets.Sheet.NONE);
  }

  private static String title(Job<?> job) {
    return job.snapshot().title();
  }
}
