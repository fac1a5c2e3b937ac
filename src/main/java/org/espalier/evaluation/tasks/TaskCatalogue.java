package org.espalier.evaluation.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.task.EspalierException;

/** The tasks that this program knows, read from {@code resources/tasks}. */
public final class TaskCatalogue {
  private static final String FOLDER = "/tasks/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<TaskDefinition> tasks;

  private TaskCatalogue(List<TaskDefinition> tasks) {
    this.tasks = List.copyOf(tasks);
  }

  /** Reads the list {@code tasks.json} and the files that it names, in its order. */
  public static TaskCatalogue standard() {
    List<TaskDefinition> tasks = new ArrayList<>();
    for (String name : strings(resource("tasks.json"))) {
      tasks.add(definition(resource(name + ".json")));
    }
    return new TaskCatalogue(tasks);
  }

  public List<TaskDefinition> tasks() {
    return tasks;
  }

  /**
   * The task of this name.
   *
   * @throws EspalierException naming all tasks if there is none
   */
  public TaskDefinition named(String name) {
    return tasks.stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no task "
                        + name
                        + "; choose from "
                        + String.join(", ", tasks.stream().map(TaskDefinition::name).toList())
                        + "."));
  }

  private static JsonNode resource(String name) {
    try (InputStream in = TaskCatalogue.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + FOLDER + name);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own resource " + FOLDER + name, e);
    }
  }

  private static TaskDefinition definition(JsonNode json) {
    List<TaskDefinition.Reading> readings = new ArrayList<>();
    json.path("readings").forEach(reading -> readings.add(reading(reading)));
    return new TaskDefinition(
        json.path("name").asText(),
        json.path("title").asText(),
        json.path("version").asInt(),
        TaskKind.valueOf(json.path("kind").asText().toUpperCase(Locale.ROOT)),
        strings(json.path("files")),
        readings,
        json.path("description").asText(),
        json.path("context").asText(),
        json.path("continuation").asText(),
        Optional.of(json.path("examples"))
            .filter(JsonNode::isObject)
            .map(
                examples ->
                    new TaskDefinition.Examples(
                        examples.path("count").asInt(),
                        strings(examples.path("files")),
                        examples.path("sameField").asText(),
                        examples.path("needed").asBoolean())),
        strings(json.path("metrics")),
        Optional.of(json.path("generation"))
            .filter(JsonNode::isObject)
            .map(
                generation ->
                    new TaskDefinition.Generation(
                        generation.path("tokens").asInt(), strings(generation.path("stops")))));
  }

  private static TaskDefinition.Reading reading(JsonNode json) {
    List<TaskDefinition.Field> fields = new ArrayList<>();
    json.path("fields")
        .forEach(
            field ->
                fields.add(
                    new TaskDefinition.Field(
                        field.path("name").asText(), field.path("template").asText())));
    return new TaskDefinition.Reading(
        fields,
        strings(json.path("choices")),
        strings(json.path("labels")),
        json.path("gold").asText());
  }

  private static List<String> strings(JsonNode list) {
    List<String> strings = new ArrayList<>();
    list.forEach(node -> strings.add(node.asText()));
    return strings;
  }
}
