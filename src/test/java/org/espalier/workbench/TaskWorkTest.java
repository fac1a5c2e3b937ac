package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.task.EspalierException;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks put to the sample model and to a run of it. */
class TaskWorkTest {
  private static final int ITEMS = 70;

  @TempDir Path folder;
  private LocalWorkbench workbench;
  private OpenedCheckpoint sample;

  @BeforeEach
  void open() throws Exception {
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    sample = await(workbench.open(Optional.empty(), "cpu"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      lines.add(
          "{\"goal\":\"Find the %d apples\",\"choices\":[\"Look in the garden.\",\"%s.\"],\"gold\":%d}"
              .formatted(i, "zq".repeat(1 + i % 5), i % 2));
    }
    Files.write(folder.resolve("piqa.jsonl"), lines);
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  private TaskRequest request(String task, int limit) {
    return new TaskRequest(task, folder, TokenisationProfile.H40, limit, Optional.empty(), false);
  }

  @Test
  void results_are_kept_with_the_run_with_every_item() throws Exception {
    Analysis analysis =
        await(
            workbench.analyse(
                sample,
                new AnalysisRequest(
                    "magnitude", Map.of(), new CalibrationRequest(Optional.empty(), 0, 0, 0))));
    Run run =
        await(
            workbench.prune(
                analysis, new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE, "cut"));

    TaskResult result = await(workbench.evaluateTask(run, "cpu", request("piqa", 20), point -> {}));

    Run kept = workbench.findRun("cut");
    assertThat(result.items()).hasSize(20);
    assertThat(kept.tasks()).containsExactly(result.summary());
    assertThat(workbench.taskResult(kept, result.protocol())).isEqualTo(result);
    // Renaming rewrites the run; its measurements stay.
    workbench.rename(kept, "renamed");
    assertThat(workbench.findRun("renamed").tasks()).hasSize(1);

    // Another day.
    workbench.close();
    workbench = new LocalWorkbench(folder.resolve("workspace"));
    Run reopened = workbench.findRun("renamed");
    Orders orders = workbench.orders(reopened);
    TaskRequest again = TaskRequest.of(orders.task(result.protocol()).orElseThrow());
    assertThat(again.again()).isTrue();
    assertThat(await(workbench.evaluateTask(reopened, "cpu", again, point -> {})).items())
        .isEqualTo(result.items());
  }

  @Test
  void a_cancelled_task_goes_on_behind_its_finished_items_to_the_same_result() throws Exception {
    List<TaskPoint> before = new ArrayList<>();
    Job<?>[] running = new Job<?>[1];
    Job<TaskResult> cancelled =
        workbench.evaluateTask(
            sample,
            request("piqa", 0),
            point -> {
              before.add(point);
              while (running[0] == null) {
                Thread.onSpinWait();
              }
              running[0].cancel();
            });
    running[0] = cancelled;
    assertThatThrownBy(() -> await(cancelled)).hasMessageContaining("cancelled");
    assertThat(before).extracting(TaskPoint::done).containsExactly(32);

    List<TaskPoint> after = new ArrayList<>();
    TaskResult resumed = await(workbench.evaluateTask(sample, request("piqa", 0), after::add));
    assertThat(after).extracting(TaskPoint::done).containsExactly(32, 64, ITEMS);

    List<TaskPoint> known = new ArrayList<>();
    assertThat(await(workbench.evaluateTask(sample, request("piqa", 0), known::add)))
        .isEqualTo(resumed);
    assertThat(known).extracting(TaskPoint::done).containsExactly(ITEMS);
    TaskRequest again =
        new TaskRequest("piqa", folder, TokenisationProfile.H40, 0, Optional.empty(), true);
    assertThat(await(workbench.evaluateTask(sample, again, point -> {})).items())
        .isEqualTo(resumed.items());
  }

  @Test
  void a_run_that_was_calibrated_on_the_items_comes_with_a_warning() throws Exception {
    // Long enough to be told apart from phrases that many texts share.
    String goal =
        "Find the apples that lie between the old stone wall and the little brook behind the garden"
            + " of the house where the baker lives with her two grey cats and a very loud dog";
    Files.writeString(
        folder.resolve("piqa.jsonl"),
        "{\"goal\":\"%s\",\"choices\":[\"Look there.\",\"Sleep.\"],\"gold\":0}%n"
            .formatted(goal)
            .repeat(8));
    String text = "Question: %s\nAnswer: Look there.\n".formatted(goal).repeat(20);
    Path calibration = Files.writeString(folder.resolve("leaked.txt"), text);
    Run run =
        await(
            workbench.prune(
                await(
                    workbench.analyse(
                        sample,
                        new AnalysisRequest(
                            "wanda-sp",
                            Map.of(),
                            new CalibrationRequest(Optional.of(calibration), 16, 128, 0)))),
                new Target(0.1, RatioDefinition.PRUNABLE),
                Locks.NONE,
                "leaked"));
    assertThat(
            await(workbench.evaluateTask(run, "cpu", request("piqa", 8), point -> {})).warnings())
        .singleElement()
        .asString()
        .contains("is in the calibration text leaked.txt too");
    assertThat(await(workbench.evaluateTask(sample, request("piqa", 8), point -> {})).warnings())
        .isEmpty();
  }

  @Test
  void a_damaged_data_set_fails_its_task_alone() throws Exception {
    Files.writeString(folder.resolve("arc_easy.jsonl"), "{\"question\":\"Why?\"}\n");
    Job<TaskResult> damaged = workbench.evaluateTask(sample, request("arc_easy", 0), point -> {});
    Job<TaskResult> sound = workbench.evaluateTask(sample, request("piqa", 4), point -> {});

    assertThatThrownBy(() -> await(damaged))
        .hasCauseInstanceOf(EspalierException.class)
        .hasMessageContaining("arc_easy.jsonl, line 1: there is no field \"choices\"");
    assertThat(await(sound).items()).hasSize(4);
  }

  @Test
  void the_folder_says_what_it_offers() throws IOException {
    Files.writeString(folder.resolve("mmlu_test.jsonl"), "");

    TaskListing listing = workbench.tasks(folder);

    assertThat(listing.available()).containsExactly("piqa");
    assertThat(listing.tasks())
        .filteredOn(entry -> entry.task().equals("mmlu"))
        .extracting(TaskListing.Entry::missing)
        .containsExactly("mmlu_dev.jsonl");
  }
}
