package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.HeldOutSplit;
import org.espalier.pruning.PlanFile;
import org.espalier.task.CancelledException;
import org.espalier.transformer.SubLayer;
import org.espalier.workspace.Run;
import org.espalier.workspace.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search as a job: trials are told as they come, and a cancelled one goes on. */
class SearchWorkTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path CALIBRATION = GOLDEN.resolve("calibration-windows.json");
  private static final Target HALF = new Target(0.5, RatioDefinition.PRUNABLE);
  private static final AnalysisRequest REQUEST =
      new AnalysisRequest(
          "adapruner",
          Map.of("trials", "5", "sets", "1", "setSize", "2", "heldOut", "2"),
          new CalibrationRequest(Optional.of(CALIBRATION), 4, 32, 0));

  private static final SubLayer ATTENTION = SubLayer.attention(0);
  private static final SubLayer FEED_FORWARD = SubLayer.feedForward(0);

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  @Test
  void a_cancelled_search_goes_on_behind_its_last_trial(@TempDir Path folder) throws Exception {
    try (LocalWorkbench workbench = new LocalWorkbench(folder)) {
      OpenedCheckpoint tiny =
          await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
      Analysis analysis = await(workbench.analyse(tiny, REQUEST));
      AtomicReference<Job<Run>> job = new AtomicReference<>();
      List<SearchSnapshot> first = new CopyOnWriteArrayList<>();
      try (Subscription watching =
          workbench.onSearch(
              search -> {
                first.add(search);
                if (search.trials().size() == 2) {
                  workbench.jobs().forEach(Job::cancel);
                }
              })) {
        job.set(workbench.prune(analysis, HALF, Locks.NONE, "search"));
        assertThatThrownBy(() -> await(job.get()))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(CancelledException.class);
      }
      List<SearchSnapshot> second = new CopyOnWriteArrayList<>();
      Run run;
      try (Subscription watching = workbench.onSearch(second::add)) {
        run = await(workbench.prune(analysis, HALF, Locks.NONE, "search"));
      }

      assertThat(first).extracting(search -> search.trials().size()).containsExactly(0, 1, 2);
      assertThat(second).extracting(search -> search.trials().size()).containsExactly(2, 3, 4, 5);
      assertThat(second.get(0).trials()).isEqualTo(first.get(2).trials());
      assertThat(second.get(0).densePerplexity()).isGreaterThan(1);
      SearchSnapshot told = second.get(3);
      assertThat(workbench.search(run)).hasValue(told);
      Path noSearch = run.folder().resolveSibling("none");
      assertThat(Workspace.search(noSearch)).isEmpty();
      assertThat(PlanFile.read(run.folder()).protocol())
          .startsWith("best of 5 trials with sets of 2 windows")
          .contains("alpha1")
          .contains("held out from calibration");
    }
    try (LocalWorkbench reopened = new LocalWorkbench(folder)) {
      assertThat(reopened.runs())
          .singleElement()
          .satisfies(
              run ->
                  assertThat(reopened.search(run))
                      .map(SearchSnapshot::trials)
                      .hasValueSatisfying(trials -> assertThat(trials).hasSize(5)));
    }
  }

  @Test
  void what_judges_is_not_in_the_pool() {
    Corpus corpus = Corpus.read(CALIBRATION, 512);

    HeldOutSplit split =
        HeldOutSplit.of(corpus, null, OptionalInt.empty(), OptionalInt.empty(), 0, 100);

    assertThat(split.heldOut().count()).isEqualTo(12);
    assertThat(split.pool().windows().count()).isEqualTo(52);
    assertThat(List.of(split.pool().windows().toArray()))
        .doesNotContainAnyElementsOf(List.of(split.heldOut().toArray()));
  }

  @Test
  void every_trial_keeps_to_what_the_destination_takes(@TempDir Path folder) throws Exception {
    try (LocalWorkbench workbench = new LocalWorkbench(folder)) {
      OpenedCheckpoint tiny =
          await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
      Analysis analysis =
          await(workbench.analyse(tiny, REQUEST.runningOn(new Destination("transformers", 8))));
      assertThat(analysis.constraint().equalChannels()).isTrue();

      Run run = await(workbench.prune(analysis, HALF, Locks.NONE, "equal"));

      assertThat(run.allocation().keptHeadGroups()).containsOnly(run.allocation().kept(ATTENTION));
      assertThat(run.allocation().keptChannels())
          .containsOnly(run.allocation().kept(FEED_FORWARD))
          .allMatch(channels -> channels % 8 == 0);
    }
  }
}
