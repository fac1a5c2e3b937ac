package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Sensitivity;
import org.espalier.allocation.Surrogate;
import org.espalier.allocation.Target;
import org.espalier.corpus.TokenWindows;
import org.espalier.transformer.SubLayer;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measuring what sub-layers cost, and pruning by it, on a small model with real jobs. */
class PricesTest {
  private static final Path MODEL =
      Path.of("src/test/resources/golden/families/llama-gqa-llama3rope");
  private static final Target THIRTY = new Target(0.3, RatioDefinition.PRUNABLE);

  @TempDir Path folder;
  private LocalWorkbench workbench;
  private Path windows;

  @BeforeEach
  void open() {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    SplittableRandom random = new SplittableRandom(1);
    windows = folder.resolve("windows.json");
    TokenWindows.of(
            Stream.generate(() -> random.ints(24, 0, 200).toArray())
                .limit(20)
                .toArray(int[][]::new))
        .write(windows);
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  private AnalysisRequest request() {
    return new AnalysisRequest(
        "flap", Map.of(), new CalibrationRequest(Optional.of(windows), 0, 0, 0));
  }

  @Test
  void are_measured_once_and_their_time_is_told_before() throws Exception {
    OpenedCheckpoint opened = await(workbench.open(Optional.of(MODEL), "cpu"));
    Analysis analysis = await(workbench.analyse(opened, request()));

    SensitivityOutlook before = await(workbench.expectSensitivity(analysis));
    Sensitivity measured = await(workbench.measureSensitivity(analysis));
    SensitivityOutlook after = await(workbench.expectSensitivity(analysis));

    assertThat(before.known()).isEmpty();
    assertThat(before.expected()).isGreaterThan(Duration.ZERO);
    assertThat(after.known()).contains(measured);
    assertThat(after.expected()).isZero();
    Surrogate surrogate = new Surrogate(opened.model(), measured);
    assertThat(surrogate.change(Allocation.dense(opened.model())).orElseThrow())
        .isCloseTo(0, within(1e-9));
    assertThat(surrogate.change(analysis.allocate(THIRTY, Locks.NONE))).isPresent();
    try (Stream<Path> journals = Files.list(folder.resolve("workspace/journals"))) {
      assertThat(journals.filter(path -> path.toString().contains("price"))).isEmpty();
    }
  }

  @Test
  void go_on_behind_the_block_where_they_were_cancelled() throws Exception {
    OpenedCheckpoint opened = await(workbench.open(Optional.of(MODEL), "cpu"));
    Analysis analysis = await(workbench.analyse(opened, request()));
    Job<Sensitivity> job = workbench.measureSensitivity(analysis);
    job.onChange(
        snapshot -> {
          if (snapshot.stage().startsWith("Pruning") && snapshot.done() > snapshot.total() / 2) {
            job.cancel();
          }
        });
    assertThat(job.result()).failsWithin(Duration.ofMinutes(1));
    assertThat(job.snapshot().state()).isEqualTo(JobState.CANCELLED);

    List<Long> done = new ArrayList<>();
    Job<Sensitivity> again = workbench.measureSensitivity(analysis);
    again.onChange(
        snapshot -> {
          if (snapshot.stage().startsWith("Pruning")) {
            done.add(100 * snapshot.done() / snapshot.total());
          }
        });
    await(again);

    assertThat(done).isNotEmpty();
    assertThat(done.get(0)).isGreaterThan(20);
  }

  @Test
  void are_not_there_for_hidden_channels_and_the_outlook_says_why() throws Exception {
    OpenedCheckpoint opened = await(workbench.open(Optional.of(MODEL), "cpu"));
    Analysis hidden =
        await(
            workbench.analyse(
                opened,
                new AnalysisRequest(
                    "llm-pruner",
                    Map.of("structure", "channels", "importance", "l1"),
                    new CalibrationRequest(Optional.of(windows), 0, 0, 0))));

    assertThat(await(workbench.expectSensitivity(hidden)).obstacle().orElseThrow())
        .startsWith("Prices are not known for hidden channels");
    assertThat(hidden.hidden().orElseThrow().scores()).hasSize(opened.model().hidden().count());
  }

  @Test
  void decide_an_allocation_that_a_run_remembers() throws Exception {
    OpenedCheckpoint opened = await(workbench.open(Optional.of(MODEL), "cpu"));
    Analysis priced = await(workbench.analyse(opened, request().allocating(Allocators.PRICE)));
    Locks locks =
        Locks.NONE.with(
            SubLayer.attention(0), Hold.locked(opened.model().units(SubLayer.attention(0))));

    Run run = await(workbench.prune(priced, THIRTY, locks, "by price"));

    assertThat(run.parameters()).containsEntry("allocator", "price");
    assertThat(run.allocation()).isEqualTo(priced.allocate(THIRTY, locks));
    assertThat(run.allocation().kept(SubLayer.attention(0)))
        .isEqualTo(opened.model().units(SubLayer.attention(0)));
  }

  @Test
  void a_draft_is_tried_beside_the_dense_model_and_nothing_is_written() throws Exception {
    OpenedCheckpoint sample = await(workbench.open(Optional.empty(), "cpu"));
    Analysis analysis =
        await(
            workbench.analyse(
                sample,
                new AnalysisRequest(
                    "magnitude", Map.of(), new CalibrationRequest(Optional.empty(), 4, 64, 0))));
    GenerationRequest request = new GenerationRequest("Once upon a time", 12, 0, 0, 0);
    List<String> order = new ArrayList<>();
    StringBuilder dense = new StringBuilder();
    StringBuilder draft = new StringBuilder();

    SideBySide tried =
        await(
            workbench.tryDraft(
                analysis,
                new Target(0.5, RatioDefinition.PRUNABLE),
                Locks.NONE,
                request,
                text -> {
                  order.add("dense");
                  dense.append(text);
                },
                text -> {
                  order.add("draft");
                  draft.append(text);
                }));

    assertThat(tried.dense()).isEqualTo(await(workbench.generate(sample, request, text -> {})));
    assertThat(tried.draft()).isNotEmpty().isNotEqualTo(tried.dense());
    assertThat(dense).hasToString(tried.dense());
    assertThat(draft).hasToString(tried.draft());
    assertThat(order.subList(0, 4)).contains("dense", "draft");
    assertThat(workbench.runs()).isEmpty();
  }
}
