package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.task.EspalierException;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that a full disk does not take; the device file of that name stands in for one. */
class FullDiskTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;
  private LocalWorkbench workbench;
  private OpenedCheckpoint sample;
  private Run run;

  @BeforeEach
  void prune() throws Exception {
    assumeThat(FULL).as("a device that is always full").exists();
    Files.writeString(
        folder.resolve("piqa.jsonl"),
        "{\"goal\":\"Eat\",\"choices\":[\"an apple.\",\"qx zz.\"],\"gold\":0}\n".repeat(3));
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    sample = await(workbench.open(Optional.empty(), "cpu"));
    Analysis analysis =
        await(
            workbench.analyse(
                sample,
                new AnalysisRequest(
                    "magnitude", Map.of(), new CalibrationRequest(Optional.empty(), 0, 0, 0))));
    run =
        await(
            workbench.prune(
                analysis, new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE, "cut"));
  }

  @AfterEach
  void close() {
    if (workbench != null) {
      workbench.close();
    }
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  /** The next attempt to write this file of the run finds no room; later ones do. */
  private void fillUnder(String file) throws IOException {
    Files.createSymbolicLink(run.folder().resolve("." + file + ".new"), FULL);
  }

  @Test
  void a_perplexity_that_cannot_be_kept_is_told_and_known_when_asked_for_again() throws Exception {
    fillUnder("measurements.json");
    EvaluationRequest request = new EvaluationRequest(Optional.empty(), 128, 4);
    Job<?> full = workbench.evaluate(run, "cpu", request, point -> {});
    Job<?> next = workbench.evaluate(sample, request, point -> {});

    assertThatThrownBy(() -> await(full))
        .hasCauseInstanceOf(EspalierException.class)
        .hasMessageMatching(
            "(?s).*Perplexity \\d+\\.\\d+ is measured but not kept. Cannot write"
                + " .*measurements.json: No space left on device; free some space and ask for it"
                + " again.*");
    await(next);
    assertThat(run.folder().resolve(".measurements.json.new")).doesNotExist();

    await(workbench.evaluate(run, "cpu", request, point -> {}));
    assertThat(workbench.findRun("cut").perplexities()).hasSize(1);
  }

  @Test
  void a_task_and_a_speed_that_cannot_be_kept_are_told_and_the_queue_goes_on() throws Exception {
    fillUnder("tasks.json");
    fillUnder("measurements.json");
    TaskRequest request =
        new TaskRequest("piqa", folder, TokenisationProfile.HCUR, 0, Optional.empty(), false);
    Job<?> task = workbench.evaluateTask(run, "cpu", request, point -> {});
    Job<?> speed = workbench.measureSpeed(sample, run, new SpeedRequest(4, 2, 0, 1));
    Job<?> next = workbench.evaluateTask(run, "cpu", request, point -> {});

    assertThatThrownBy(() -> await(task))
        .hasMessageContaining("piqa (acc_norm ")
        .hasMessageContaining("is measured but not kept. Cannot write ")
        .hasMessageContaining("No space left on device");
    assertThatThrownBy(() -> await(speed))
        .hasMessageContaining("Speed (writes ")
        .hasMessageContaining("is measured but not kept. Cannot write ");
    await(next);
    assertThat(workbench.findRun("cut").tasks()).hasSize(1);
  }
}
