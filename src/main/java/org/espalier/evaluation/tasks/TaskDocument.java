package org.espalier.evaluation.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.corpus.JsonLines;
import org.espalier.evaluation.tasks.TaskDefinition.Reading;
import org.espalier.task.EspalierException;

/**
 * One question of a data set, read by one of its task's readings.
 *
 * @param line where it stands
 * @param fields what templates may use: the document's own fields and those that the reading adds
 * @param choices texts of the answers; none for tasks that are answered freely
 * @param gold index of the right choice, -1 where there are no choices
 */
record TaskDocument(JsonLines.Line line, ObjectNode fields, List<String> choices, int gold) {
  private static final String CHOICE = "choice";
  private static final String LETTER = "letter";
  private static final String OPTIONS = "options";

  /** What templates may use beside the document's own fields. */
  private static final Set<String> OF_CHOICES = Set.of(CHOICE, LETTER, OPTIONS);

  private static final String[] LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

  /**
   * Reads the documents of a file.
   *
   * @param most at most so many; 0 for all
   * @throws EspalierException naming file, line and field if anything is missing or out of range
   */
  static List<TaskDocument> read(TaskDefinition task, Path file, int most) {
    List<JsonLines.Line> lines = JsonLines.read(file);
    if (lines.isEmpty()) {
      throw new EspalierException(
          file
              + " holds no items, so "
              + task.name()
              + " cannot be measured; choose another file.");
    }
    Reading reading = reading(task, lines.get(0));
    List<TaskDocument> documents = new ArrayList<>();
    for (JsonLines.Line line : lines) {
      if (most > 0 && documents.size() == most) {
        break;
      }
      documents.add(of(reading, line));
    }
    return documents;
  }

  private static Reading reading(TaskDefinition task, JsonLines.Line first) {
    for (Reading reading : task.readings()) {
      if (missing(reading, first.content()).isEmpty()) {
        return reading;
      }
    }
    Reading preferred = task.readings().get(0);
    throw first.complaint(
        "there is no field \""
            + missing(preferred, first.content()).first()
            + "\", which "
            + task.name()
            + " needs; the file is of another data set or damaged.");
  }

  /** The fields that a reading needs and a document lacks. */
  private static TreeSet<String> missing(Reading reading, JsonNode document) {
    List<String> templates = new ArrayList<>(reading.choices());
    templates.addAll(reading.labels());
    templates.add(reading.gold());
    reading.fields().forEach(field -> templates.add(field.template()));
    TreeSet<String> missing = new TreeSet<>();
    for (String template : templates) {
      for (String field : new Template(template).fields()) {
        JsonNode value = Template.value(document, field);
        if (value.isMissingNode() || value.isNull()) {
          missing.add(field);
        }
      }
    }
    return missing;
  }

  private static TaskDocument of(Reading reading, JsonLines.Line line) {
    TreeSet<String> missing = missing(reading, line.content());
    if (!missing.isEmpty()) {
      throw line.complaint("there is no field \"" + missing.first() + "\".");
    }
    ObjectNode fields = line.content().deepCopy();
    for (TaskDefinition.Field field : reading.fields()) {
      fields.put(
          field.name(), new Template(field.template()).fill(path -> text(line.content(), path)));
    }
    List<String> choices = list(reading.choices(), line);
    return new TaskDocument(line, fields, choices, gold(reading, choices, line));
  }

  /** One template for a whole list, or one for each entry. */
  private static List<String> list(List<String> templates, JsonLines.Line line) {
    if (templates.size() == 1) {
      String field = new Template(templates.get(0)).fields().iterator().next();
      JsonNode list = Template.value(line.content(), field);
      if (!list.isArray() || list.isEmpty()) {
        throw line.complaint("the field \"" + field + "\" is no list of texts.");
      }
      List<String> texts = new ArrayList<>();
      list.forEach(text -> texts.add(text.asText()));
      return texts;
    }
    return templates.stream()
        .map(template -> new Template(template).fill(path -> text(line.content(), path)))
        .toList();
  }

  private static int gold(Reading reading, List<String> choices, JsonLines.Line line) {
    if (choices.isEmpty()) {
      return -1;
    }
    String gold = new Template(reading.gold()).fill(path -> text(line.content(), path)).strip();
    int index;
    if (reading.labels().isEmpty()) {
      try {
        index = Integer.parseInt(gold);
      } catch (NumberFormatException e) {
        throw new EspalierException(
            line.complaint("the answer \"" + gold + "\" is no index of a choice.").getMessage(), e);
      }
    } else {
      index = list(reading.labels(), line).indexOf(gold);
      if (index < 0) {
        throw line.complaint("the answer \"" + gold + "\" is not the label of any choice.");
      }
    }
    if (index < 0 || index >= choices.size()) {
      throw line.complaint(
          "the answer index "
              + index
              + " is out of range: there are "
              + choices.size()
              + " choices, counted from 0.");
    }
    return index;
  }

  private static String text(JsonNode document, String path) {
    return Template.value(document, path).asText();
  }

  /** Complains if all that the question takes from the document itself is blank. */
  void requireWords(String template) {
    if (new Template(template)
        .fields().stream()
            .filter(field -> !OF_CHOICES.contains(field))
            .allMatch(field -> fill("{" + field + "}").isBlank())) {
      throw line.complaint("the question is empty.");
    }
  }

  /** A template filled with this document. */
  String fill(String template) {
    return fill(template, Map.of());
  }

  /** A template filled with this document and one of its choices. */
  String fill(String template, int choice) {
    return fill(
        template, Map.of(CHOICE, choices.get(choice), LETTER, LETTERS[choice % LETTERS.length]));
  }

  private String fill(String template, Map<String, String> more) {
    Map<String, String> own = new HashMap<>(more);
    own.put(OPTIONS, options());
    return new Template(template)
        .fill(
            path -> {
              if (own.containsKey(path)) {
                return own.get(path);
              }
              JsonNode value = Template.value(fields, path);
              if (!value.isValueNode() || value.isNull()) {
                throw line.complaint("there is no field \"" + path + "\" with a text.");
              }
              return value.asText();
            });
  }

  /** The choices with letters, a line each. */
  private String options() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      lines.add(LETTERS[i % LETTERS.length] + ". " + choices.get(i));
    }
    return String.join("\n", lines);
  }

  /** A field as the data set has it, for example a list. */
  JsonNode field(String name) {
    return fields.path(name);
  }
}
