package org.espalier.ui.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.espalier.evaluation.tasks.ItemResult;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.task.Progress;
import org.espalier.workbench.TaskListing;
import org.espalier.workbench.TaskRequest;

/** Task results that look like real ones. */
final class FakeTasks {
  private FakeTasks() {}

  static TaskListing listing() {
    return new TaskListing(
        List.of(
            new TaskListing.Entry("piqa", "PIQA", "piqa.jsonl", "", false),
            new TaskListing.Entry("arc_easy", "ARC easy", "arc_easy.jsonl", "", false),
            new TaskListing.Entry("hellaswag", "HellaSwag", "", "hellaswag.jsonl", false),
            new TaskListing.Entry("mmlu", "MMLU", "mmlu_test.jsonl", "mmlu_dev.jsonl", false),
            new TaskListing.Entry("gsm8k", "GSM8K", "gsm8k-test.jsonl", "", true)),
        List.of());
  }

  static TaskResult measure(
      double share, TaskRequest request, Consumer<TaskPoint> onPoint, Progress progress) {
    int count = request.limit() > 0 ? Math.min(request.limit(), 200) : 200;
    Random random = new Random(request.task().hashCode());
    List<ItemResult> items = new ArrayList<>();
    double right = 0;
    for (int i = 0; i < count; i++) {
      progress.report(request.task() + ", item " + (i + 1) + " of " + count, i, count);
      double score = random.nextDouble() < share ? 1 : 0;
      right += score;
      items.add(
          new ItemResult(i, 0, List.of(-3.0, -4.0), Map.of("acc_norm", score, "acc", score), ""));
      onPoint.accept(new TaskPoint(request.task(), i + 1, count, metrics(right / (i + 1), i + 1)));
    }
    return new TaskResult(
        new TaskProtocol(
            request.task(),
            1,
            request.profile().name(),
            0,
            request.task() + ".jsonl",
            "da7a",
            count,
            512,
            0,
            "float32",
            "cpu"),
        metrics(right / count, count),
        items,
        2,
        List.of());
  }

  private static List<Metric> metrics(double value, int count) {
    double error = Math.sqrt(value * (1 - value) / Math.max(1, count - 1));
    return List.of(new Metric("acc_norm", value, error), new Metric("acc", value, error));
  }
}
