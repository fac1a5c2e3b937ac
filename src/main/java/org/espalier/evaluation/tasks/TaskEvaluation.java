package org.espalier.evaluation.tasks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
  private final List<TaskDocument> documents;

  private TaskEvaluation(
      TaskDefinition task,
      Answering answering,
      TaskProtocol protocol,
      List<String> warnings,
      List<TaskDocument> documents) {
    this.task = task;
    this.answering = answering;
    this.protocol = protocol;
    this.warnings = warnings;
    this.documents = documents;
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
    List<TaskDocument> documents =
        new ArrayList<>(TaskDocument.read(task, found.file().orElseThrow(), limit));
    List<String> warnings = new ArrayList<>();
    if (task.kind() == TaskKind.INSTRUCTIONS) {
      warnings.addAll(leaveOutUncheckable(documents));
    }
    int maximum = decoder.config().maximumPositions();
    Answering answering =
        task.kind().generates()
            ? new WritingAnswering(task, documents, prompts, tokenizer, profile, decoder)
            : choices(prompts, documents, decoder, tokenizer, profile);
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
            task.generation()
                .map(generation -> WritingAnswering.newTokens(generation, maximum))
                .orElse(0),
            "float32",
            Devices.name(decoder.device())),
        warnings,
        documents);
  }

  private static Answering choices(
      TaskPrompts prompts,
      List<TaskDocument> documents,
      Decoder decoder,
      Tokenizer tokenizer,
      TokenisationProfile profile) {
    List<ChoiceItem> items = new ArrayList<>();
    for (TaskDocument document : documents) {
      items.add(prompts.item(items.size(), document));
    }
    return new ChoiceAnswering(
        items,
        tokenizer,
        profile,
        emptyContext(profile, tokenizer, decoder.config()),
        new ContinuationScorer(decoder, decoder.config().maximumPositions()));
  }

  private static List<String> leaveOutUncheckable(List<TaskDocument> documents) {
    int all = documents.size();
    String file = documents.get(0).line().file().toString();
    documents.removeIf(document -> !InstructionJudge.canJudge(document));
    if (documents.isEmpty()) {
      throw new EspalierException(
          file + " holds no item whose instructions rules can check; use the official checker.");
    }
    return documents.size() == all
        ? List.of()
        : List.of(
            (all - documents.size())
                + " of "
                + all
                + " items ask for something that no rule checks, such as a language, and are left"
                + " out");
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

  /** What every item puts to the model, with its right answer where that is given. */
  public List<String> texts() {
    return IntStream.range(0, answering.items()).mapToObj(answering::text).toList();
  }

  /** True if the answers are code, which its official checker judges. */
  public boolean writesCode() {
    return task.kind() == TaskKind.CODE;
  }

  /**
   * Writes code for its official checker, JSONL with {@code task_id} and {@code completion}. It is
   * never run here.
   *
   * @throws EspalierException if a problem has no id or the file cannot be written
   */
  public void writeCompletions(TaskResult result, Path file) {
    Map<String, String> completions = new LinkedHashMap<>();
    for (ItemResult item : result.items()) {
      completions.put(documents.get(item.item()).fill("{task_id}"), item.answer());
    }
    CompletionsFile.write(file, completions);
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
