package org.espalier.evaluation.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Devices;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderConfig;

/** Puts the items of one task to one model and counts the right answers. */
public final class TaskEvaluation {
  private final TaskDefinition task;
  private final Answering answering;
  private final TaskProtocol protocol;
  private final List<String> warnings;

  private TaskEvaluation(
      TaskDefinition task, Answering answering, TaskProtocol protocol, List<String> warnings) {
    this.task = task;
    this.answering = answering;
    this.protocol = protocol;
    this.warnings = warnings;
  }

  /**
   * Reads the data set and puts it into words.
   *
   * @param found the task and its files
   * @param limit at most so many items, the first ones; 0 for all
   * @throws EspalierException naming file and line if the data set is damaged or empty
   */
  public static TaskEvaluation prepare(
      TaskFolder.Found found,
      Decoder decoder,
      Tokenizer tokenizer,
      TokenisationProfile profile,
      int limit) {
    TaskDefinition task = found.task();
    TaskPrompts prompts = new TaskPrompts(task, found.examples());
    List<TaskDocument> documents = TaskDocument.read(task, found.file().orElseThrow(), limit);
    List<ChoiceItem> items = new ArrayList<>();
    for (TaskDocument document : documents) {
      items.add(prompts.item(items.size(), document));
    }
    int maximum = decoder.config().maximumPositions();
    Answering answering =
        new ChoiceAnswering(
            items,
            tokenizer,
            profile,
            emptyContext(profile, tokenizer, decoder.config()),
            new ContinuationScorer(decoder, maximum));
    return new TaskEvaluation(
        task,
        answering,
        new TaskProtocol(
            task.name(),
            task.version(),
            profile.name(),
            prompts.shots(),
            found.file().orElseThrow().getFileName().toString(),
            answering.dataHash(),
            answering.items(),
            maximum,
            0,
            "float32",
            Devices.name(decoder.device())),
        List.of());
  }

  /** What stands for an empty question: the end of a text in old harnesses, BOS later. */
  private static int emptyContext(
      TokenisationProfile profile, Tokenizer tokenizer, DecoderConfig config) {
    int end = config.endOfText().isEmpty() ? 0 : config.endOfText().get(0);
    if (profile == TokenisationProfile.H3) {
      return end;
    }
    return tokenizer.beginOfSequence().orElse(config.beginOfText().orElse(end));
  }

  public TaskProtocol protocol() {
    return protocol;
  }

  /**
   * Answers all items, going on behind those that an earlier attempt finished.
   *
   * @param finished results of the first items
   * @param onPortion called with new results as they come, to be saved
   * @param onPoint called with the running numbers
   */
  public TaskResult run(
      List<ItemResult> finished,
      Consumer<List<ItemResult>> onPortion,
      Consumer<TaskPoint> onPoint,
      Progress progress) {
    final long start = System.nanoTime();
    int total = answering.items();
    int portion = answering.portion();
    int known = Math.min(finished.size(), total);
    // Only whole portions are reused, so that a resumed result is the same to the last bit.
    int reused = known == total ? known : known - known % portion;
    List<ItemResult> results = new ArrayList<>(finished.subList(0, reused));
    if (reused > 0) {
      onPoint.accept(point(results));
    }
    while (results.size() < total) {
      int done = results.size();
      int end = Math.min(total, done + portion);
      String stage = task.title() + ", item " + (done + 1) + " of " + total;
      progress.report(stage, done, total);
      List<ItemResult> fresh =
          answering.answer(done, end, (part, parts, of) -> progress.report(stage, done, total));
      results.addAll(fresh);
      onPortion.accept(fresh);
      onPoint.accept(point(results));
    }
    return new TaskResult(
        protocol, metrics(results), results, (System.nanoTime() - start) / 1e9, warnings);
  }

  private TaskPoint point(List<ItemResult> results) {
    return new TaskPoint(task.name(), results.size(), answering.items(), metrics(results));
  }

  private List<Metric> metrics(List<ItemResult> results) {
    return task.metrics().stream().map(name -> Metric.of(name, results)).toList();
  }
}
