package org.espalier.evaluation.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.task.EspalierException;

/** Puts the documents of a task into words, with answered questions in front where it uses them. */
final class TaskPrompts {
  private static final String BETWEEN_EXAMPLES = "\n\n";

  private final TaskDefinition task;
  private final List<TaskDocument> examples;

  /**
   * @param exampleFile where answered questions are found; empty for none
   */
  TaskPrompts(TaskDefinition task, Optional<Path> exampleFile) {
    this.task = task;
    examples = exampleFile.map(file -> TaskDocument.read(task, file, 0)).orElse(List.of());
  }

  /** How many answered questions stand in front of each. */
  int shots() {
    return examples.isEmpty() ? 0 : task.examples().orElseThrow().count();
  }

  /** The question for a task that is answered freely. */
  String question(TaskDocument document) {
    document.requireWords(task.context());
    return introduction(document) + document.fill(task.context());
  }

  /**
   * A question with its answers.
   *
   * @throws EspalierException naming the line if a text is empty
   */
  ChoiceItem item(int index, TaskDocument document) {
    document.requireWords(task.context());
    String introduction = introduction(document);
    List<String> contexts = new ArrayList<>();
    List<String> continuations = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (int choice = 0; choice < document.choices().size(); choice++) {
      String context = document.fill(task.context(), choice);
      String continuation = document.fill(task.continuation(), choice);
      if (continuation.isBlank()) {
        throw document.line().complaint("choice " + choice + " is empty.");
      }
      contexts.add(introduction + context);
      continuations.add(continuation);
      String answer = continuation.startsWith(" ") ? continuation.substring(1) : continuation;
      lengths.add(answer.codePointCount(0, answer.length()));
    }
    return new ChoiceItem(index, contexts, continuations, lengths, document.gold());
  }

  private String introduction(TaskDocument document) {
    String description = document.fill(task.description());
    if (examples.isEmpty()) {
      return description;
    }
    TaskDefinition.Examples rule = task.examples().orElseThrow();
    List<TaskDocument> matching = examples.stream().filter(e -> agrees(rule, e, document)).toList();
    if (matching.size() < rule.count()) {
      throw document
          .line()
          .complaint(
              "there are "
                  + matching.size()
                  + " answered examples for it, fewer than the "
                  + rule.count()
                  + " that "
                  + task.name()
                  + " puts in front.");
    }
    StringBuilder text = new StringBuilder(description);
    for (TaskDocument example : matching.subList(0, rule.count())) {
      boolean chosen = example.gold() >= 0;
      text.append(
          chosen
              ? example.fill(task.context(), example.gold())
                  + example.fill(task.continuation(), example.gold())
              : example.fill(task.context()) + example.fill(task.continuation()));
      text.append(BETWEEN_EXAMPLES);
    }
    return text.toString();
  }

  private static boolean agrees(
      TaskDefinition.Examples rule, TaskDocument example, TaskDocument document) {
    if (rule.sameField().isEmpty()) {
      return true;
    }
    JsonNode wanted = document.field(rule.sameField());
    return wanted.equals(example.field(rule.sameField()));
  }
}
