package org.espalier.ui.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.espalier.corpus.BosRule;
import org.espalier.ui.charts.FigureTaking;
import org.espalier.ui.compare.ReadyComparisons;
import org.espalier.ui.compare.ReportViewModel;
import org.espalier.ui.evaluation.EvaluationViewModel;
import org.espalier.ui.evaluation.TaskMeasurements;
import org.espalier.ui.evaluation.TasksViewModel;
import org.espalier.ui.export.ExportViewModel;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.prediction.PredictionViewModel;
import org.espalier.ui.race.RaceViewModel;
import org.espalier.ui.recovery.RecoveryViewModel;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobState;
import org.espalier.workbench.ReadyComparison;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobResumerTest {
  private final Window before = new Window();
  private final Window after = new Window();

  /** Everything of a window that starts jobs. */
  private static final class Window {
    private final Bench bench = new Bench();
    private final PredictionViewModel prediction =
        new PredictionViewModel(
            bench.workbench,
            bench.session,
            bench.draft,
            bench.measurements,
            bench.follower,
            bench.messages);
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
    private final ReadyComparisons comparisons =
        new ReadyComparisons(
            bench.workbench,
            bench.session,
            bench.follower,
            bench.notices,
            bench.picker,
            new ReportViewModel(bench.picker, bench.sheets),
            bench.messages);
    private final RaceViewModel race =
        new RaceViewModel(
            bench.workbench,
            bench.session,
            bench.follower,
            bench.executor,
            bench.notices,
            bench.sheets,
            bench.picker,
            new FigureTaking(bench.follower, bench.notices, bench.picker, bench.messages),
            bench.messages);
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
    private final JobResumer resumer =
        new JobResumer(bench.session, bench.unfinished, bench.notices, bench.messages);

    private Window() {
      resumer.learn(UnfinishedJob.Analysing.class, (job, run) -> bench.method.goOn(job));
      resumer.learn(UnfinishedJob.Pricing.class, (job, run) -> prediction.goOn(job));
      resumer.learn(UnfinishedJob.Pruning.class, (job, run) -> bench.toolbar.goOn(job));
      resumer.learn(UnfinishedJob.Training.class, (job, run) -> recovery.goOn(run.get(), job));
      resumer.learn(UnfinishedJob.Evaluating.class, evaluation::goOn);
      resumer.learn(UnfinishedJob.Answering.class, tasks::goOn);
      resumer.learn(UnfinishedJob.Comparing.class, (job, run) -> comparisons.goOn(job));
      resumer.learn(UnfinishedJob.Racing.class, (job, run) -> race.goOn(job));
      resumer.learn(UnfinishedJob.Exporting.class, (job, run) -> export.startOver(job, run.get()));
    }

    private void evaluate(boolean run) {
      evaluation.propose();
      evaluation.speed().set(false);
      if (!run) {
        evaluation.subject().set(evaluation.subjects().get(0));
      }
      evaluation.start();
    }

    private void answer() {
      bench.picker.willPickFolder(Path.of("/data"));
      tasks.chooseFolder();
      tasks.choices().get().get(0).wanted().set(true);
      evaluation.perplexity().set(false);
      evaluate(true);
    }

    private void export() {
      bench.picker.willPickFolder(Path.of("/out"));
      export.propose();
      export.chooseFolder();
      export.start();
    }

    private List<String> titles() {
      return bench.workbench.jobs().stream().map(job -> job.snapshot().title()).toList();
    }
  }

  private static Arguments kind(String name, Consumer<Window> start) {
    return Arguments.of(name, start);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        kind(
            "analysing",
            window -> {
              window.bench.method.seed().set("7");
              window.bench.method.analyse();
            }),
        kind("pricing", window -> window.prediction.measure()),
        kind(
            "pruning",
            window -> {
              window.bench.session.shown().set(Shown.DRAFT);
              window.bench.toolbar.prune();
            }),
        kind(
            "training",
            window -> {
              window.recovery.propose(window.bench.session.runs().get(0));
              window.recovery.start();
            }),
        kind("evaluating the dense model", window -> window.evaluate(false)),
        kind("evaluating a run", window -> window.evaluate(true)),
        kind("answering", Window::answer),
        kind("comparing", window -> window.comparisons.start(ReadyComparison.ALL_METHODS)),
        kind(
            "racing",
            window -> {
              window.race.propose();
              window.race.choices().get().forEach(choice -> choice.wanted().set(true));
              window.race.maxWindows().set("40");
              window.race.window().set("model");
              window.race.bos().set(BosRule.ALWAYS);
              window.race.startOrStop();
            }),
        kind("exporting", Window::export));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void every_kind_is_offered_and_asked_for_again_with_the_same_settings(
      String name, Consumer<Window> start) {
    Run run = before.bench.pruned();
    before.bench.putOffJobs();
    start.accept(before);
    List<UnfinishedJob> left = before.bench.unfinished.jobs();
    assertThat(left).isNotEmpty();

    after.bench.analysed();
    after.bench.workbench.keep(run);
    after.bench.unfinished.leftOver(left);
    after.resumer.offerAll();
    List<Notices.Offer> offers = List.copyOf(after.bench.notices.offers());
    assertThat(offers).hasSameSizeAs(left);
    int begun = after.titles().size();

    // Pruning begins with an analysis, which must be over before the job itself is asked for.
    boolean pruning = left.get(0) instanceof UnfinishedJob.Pruning;
    if (!pruning) {
      after.bench.putOffJobs();
    }
    offers.forEach(offer -> offer.work().run());

    assertThat(after.titles().subList(begun, after.titles().size()))
        .as("begun when it was wished, not before")
        .containsAll(left.stream().map(UnfinishedJob::title).toList());
    assertThat(after.bench.unfinished.jobs())
        .as("what would be offered if this window ended, too")
        .isEqualTo(pruning ? List.of() : left);
    after.bench.runJobs();
    assertThat(after.bench.unfinished.jobs()).as("all of it is done").isEmpty();
  }

  @Test
  void a_job_waits_until_its_model_is_open() {
    before.bench.analysed().putOffJobs();
    before.prediction.measure();
    after.bench.openedFolder("/models/other");
    after.bench.unfinished.leftOver(before.bench.unfinished.jobs());
    after.resumer.offerAll();

    after.bench.notices.offers().get(0).work().run();

    assertThat(after.bench.notices.sentences().get(0)).startsWith("Open the sample model first");
    assertThat(after.bench.unfinished.jobs()).isEqualTo(before.bench.unfinished.jobs());
  }

  @Test
  void a_job_whose_run_is_gone_is_forgotten_with_a_sentence() {
    before.bench.pruned();
    before.bench.putOffJobs();
    before.export();
    after.bench.analysed();
    after.bench.unfinished.leftOver(before.bench.unfinished.jobs());
    after.resumer.offerAll();

    after.bench.notices.offers().get(0).work().run();

    assertThat(after.bench.notices.sentences().get(0)).contains("its run is not in the workspace");
    assertThat(after.bench.unfinished.jobs()).isEmpty();
  }

  @Test
  void a_failed_job_that_is_tried_once_more_is_remembered_as_the_first_attempt_was() {
    before.bench.analysed();
    before.bench.workbench.failNext("No space left.");
    before.prediction.measure();
    Job<?> failed = before.bench.workbench.jobs().get(before.bench.workbench.jobs().size() - 1);
    assertThat(failed.snapshot().state()).isEqualTo(JobState.FAILED);
    assertThat(before.bench.unfinished.jobs()).as("it is over").isEmpty();

    before.bench.putOffJobs();
    before.bench.follower.repeat(failed);

    assertThat(before.bench.unfinished.jobs())
        .singleElement()
        .isInstanceOfSatisfying(
            UnfinishedJob.Pricing.class,
            pricing -> assertThat(pricing.checkpoint()).isEqualTo(Optional.empty()));
  }
}
