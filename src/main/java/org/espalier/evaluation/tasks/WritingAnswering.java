package org.espalier.evaluation.tasks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.corpus.Hashes;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.Generator;
import org.espalier.transformer.Sampling;

/** Lets the model write its answers, always the likeliest token, and has them judged. */
final class WritingAnswering implements Answering {
  private static final int PORTION = 4;

  /** A stop text lies within so many of the latest tokens. */
  private static final int TAIL = 24;

  private final List<TaskDocument> documents;
  private final TaskPrompts prompts;
  private final Tokenizer tokenizer;
  private final TokenisationProfile profile;
  private final Decoder decoder;
  private final TaskDefinition.Generation generation;
  private final Judge judge;

  WritingAnswering(
      TaskDefinition task,
      List<TaskDocument> documents,
      TaskPrompts prompts,
      Tokenizer tokenizer,
      TokenisationProfile profile,
      Decoder decoder) {
    this.documents = List.copyOf(documents);
    this.prompts = prompts;
    this.tokenizer = tokenizer;
    this.profile = profile;
    this.decoder = decoder;
    generation = task.generation().orElseThrow();
    judge = Judge.of(task.kind());
  }

  @Override
  public int items() {
    return documents.size();
  }

  @Override
  public int portion() {
    return PORTION;
  }

  @Override
  public String text(int item) {
    return prompts.question(documents.get(item));
  }

  @Override
  public String dataHash() {
    StringBuilder all = new StringBuilder();
    for (TaskDocument document : documents) {
      all.append(prompts.question(document)).append('\n').append(document.fields()).append('\n');
    }
    return Hashes.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<ItemResult> answer(int from, int to, Progress progress) {
    List<ItemResult> results = new ArrayList<>();
    try (Decoder model = decoder.forManyPasses()) {
      Generator generator = new Generator(model);
      for (int i = from; i < to; i++) {
        TaskDocument document = documents.get(i);
        String answer = write(generator, prompts.question(document), progress);
        results.add(new ItemResult(i, -1, List.of(), judge.scores(document, answer), answer));
      }
    }
    return results;
  }

  private String write(Generator generator, String question, Progress progress) {
    int[] ids = profile.prompt(tokenizer, question);
    int maximum = decoder.config().maximumPositions();
    int tokens = newTokens(generation, maximum);
    int room = maximum - tokens;
    int[] prompt =
        ids.length <= room ? ids : Arrays.copyOfRange(ids, ids.length - room, ids.length);
    List<Integer> written = new ArrayList<>();
    generator.generateWhile(
        prompt,
        tokens,
        new Sampling.Greedy(),
        token -> {
          written.add(token);
          String tail = text(written.subList(Math.max(0, written.size() - TAIL), written.size()));
          return generation.stops().stream().noneMatch(tail::contains);
        },
        progress);
    return untilStop(text(written));
  }

  /** Most tokens of an answer; a small model has to leave room for the question. */
  static int newTokens(TaskDefinition.Generation generation, int maximum) {
    return Math.min(generation.tokens(), maximum / 2);
  }

  private String text(List<Integer> ids) {
    return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  private String untilStop(String text) {
    int end = text.length();
    for (String stop : generation.stops()) {
      int found = text.indexOf(stop);
      end = found >= 0 ? Math.min(end, found) : end;
    }
    return text.substring(0, end);
  }
}
