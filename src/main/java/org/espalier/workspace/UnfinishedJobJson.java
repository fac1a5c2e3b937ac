package org.espalier.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.workspace.UnfinishedJob.ReadText;

/**
 * How unfinished jobs are written: an object each, with the name of its kind. A kind that a newer
 * version wrote is left out.
 */
final class UnfinishedJobJson {
  private static final Map<String, Function<JsonNode, UnfinishedJob>> READERS =
      Map.of(
          "analysing",
          json -> new UnfinishedJob.Analysing(title(json), checkpoint(json), analysed(json)),
          "pricing",
          json -> new UnfinishedJob.Pricing(title(json), checkpoint(json), analysed(json)),
          "pruning",
          json ->
              new UnfinishedJob.Pruning(
                  title(json),
                  checkpoint(json),
                  analysed(json),
                  DraftFile.state(JsonFile.value(json.path("wanted"), DraftFile.StateJson.class))),
          "training",
          json ->
              new UnfinishedJob.Training(
                  title(json),
                  checkpoint(json),
                  text(json, "run"),
                  settings(json),
                  text(json, "kindOfText"),
                  path(json, "file")),
          "evaluating",
          json ->
              new UnfinishedJob.Evaluating(
                  title(json), checkpoint(json), text(json, "run"), read(json)),
          "answering",
          json ->
              new UnfinishedJob.Answering(
                  title(json),
                  checkpoint(json),
                  text(json, "run"),
                  text(json, "task"),
                  folder(json, "folder"),
                  TokenisationProfile.valueOf(text(json, "profile")),
                  (int) whole(json, "limit"),
                  flag(json, "again")),
          "comparing",
          json ->
              new UnfinishedJob.Comparing(
                  title(json),
                  checkpoint(json),
                  text(json, "comparison"),
                  path(json, "calibration"),
                  (int) whole(json, "samples"),
                  (int) whole(json, "window"),
                  whole(json, "seed"),
                  read(json)),
          "racing",
          json -> new UnfinishedJob.Racing(title(json), checkpoint(json), racers(json), read(json)),
          "exporting",
          json ->
              new UnfinishedJob.Exporting(
                  title(json),
                  checkpoint(json),
                  text(json, "run"),
                  text(json, "target"),
                  text(json, "format"),
                  folder(json, "folder"),
                  flag(json, "overwrite")));

  private UnfinishedJobJson() {}

  static ObjectNode json(UnfinishedJob job) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("title", job.title()).put("checkpoint", text(job.checkpoint()));
    if (job instanceof UnfinishedJob.Analysing analysing) {
      return analysed(json.put("kind", "analysing"), analysing.analysed());
    } else if (job instanceof UnfinishedJob.Pricing pricing) {
      return analysed(json.put("kind", "pricing"), pricing.analysed());
    } else if (job instanceof UnfinishedJob.Pruning pruning) {
      json.set("wanted", JsonFile.tree(DraftFile.json(pruning.wanted())));
      return analysed(json.put("kind", "pruning"), pruning.analysed());
    } else if (job instanceof UnfinishedJob.Training training) {
      ObjectNode settings = json.putObject("settings");
      new TreeMap<>(training.settings()).forEach(settings::put);
      return json.put("kind", "training")
          .put("run", training.run())
          .put("kindOfText", training.kind())
          .put("file", text(training.file()));
    } else if (job instanceof UnfinishedJob.Evaluating evaluating) {
      return read(json.put("kind", "evaluating").put("run", evaluating.run()), evaluating.text());
    } else if (job instanceof UnfinishedJob.Answering answering) {
      return json.put("kind", "answering")
          .put("run", answering.run())
          .put("task", answering.task())
          .put("folder", answering.folder().toString())
          .put("profile", answering.profile().name())
          .put("limit", answering.limit())
          .put("again", answering.again());
    } else if (job instanceof UnfinishedJob.Comparing comparing) {
      return read(
          json.put("kind", "comparing")
              .put("comparison", comparing.comparison())
              .put("calibration", text(comparing.calibration()))
              .put("samples", comparing.samples())
              .put("window", comparing.window())
              .put("seed", comparing.seed()),
          comparing.text());
    } else if (job instanceof UnfinishedJob.Racing racing) {
      ArrayNode models = json.putArray("models");
      racing
          .models()
          .forEach(
              model ->
                  models
                      .addObject()
                      .put("name", model.name())
                      .put("folder", model.folder().toString()));
      return read(json.put("kind", "racing"), racing.text());
    }
    UnfinishedJob.Exporting exporting = (UnfinishedJob.Exporting) job;
    return json.put("kind", "exporting")
        .put("run", exporting.run())
        .put("target", exporting.target())
        .put("format", exporting.format())
        .put("folder", exporting.folder().toString())
        .put("overwrite", exporting.overwrite());
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Optional<UnfinishedJob> job(JsonNode json) {
    return Optional.ofNullable(READERS.get(text(json, "kind"))).map(reader -> reader.apply(json));
  }

  private static String title(JsonNode json) {
    return text(json, "title");
  }

  private static Optional<Path> checkpoint(JsonNode json) {
    return path(json, "checkpoint");
  }

  private static ObjectNode analysed(ObjectNode json, SavedSession.Analysed analysed) {
    json.set("analysed", JsonFile.tree(SessionJson.json(analysed)));
    return json;
  }

  private static SavedSession.Analysed analysed(JsonNode json) {
    return SessionJson.analysed(
        JsonFile.value(json.path("analysed"), SessionJson.AnalysedJson.class));
  }

  private static ObjectNode read(ObjectNode json, ReadText text) {
    json.putObject("text")
        .put("file", text(text.file()))
        .put("folder", text(text.folder()))
        .put("protocol", text.protocol())
        .put("window", text.window())
        .put("maxWindows", text.maxWindows())
        .put("bos", text.bos().name())
        .put("goodEnough", text.goodEnough())
        .put("seed", text.seed())
        .put("again", text.again());
    return json;
  }

  private static ReadText read(JsonNode job) {
    JsonNode json = job.path("text");
    return new ReadText(
        path(json, "file"),
        path(json, "folder"),
        text(json, "protocol"),
        (int) whole(json, "window"),
        (int) whole(json, "maxWindows"),
        BosRule.valueOf(text(json, "bos")),
        decimal(json, "goodEnough"),
        whole(json, "seed"),
        flag(json, "again"));
  }

  private static List<UnfinishedJob.Racer> racers(JsonNode json) {
    List<UnfinishedJob.Racer> racers = new ArrayList<>();
    for (JsonNode model : json.path("models")) {
      racers.add(new UnfinishedJob.Racer(text(model, "name"), folder(model, "folder")));
    }
    return racers;
  }

  private static Map<String, String> settings(JsonNode json) {
    Map<String, String> settings = new TreeMap<>();
    json.path("settings")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    return settings;
  }

  private static String text(JsonNode json, String key) {
    if (!json.path(key).isTextual()) {
      throw new IllegalArgumentException("an unfinished job has no " + key);
    }
    return json.get(key).textValue();
  }

  private static long whole(JsonNode json, String key) {
    if (!json.path(key).isIntegralNumber()) {
      throw new IllegalArgumentException("an unfinished job has no " + key);
    }
    return json.get(key).longValue();
  }

  private static double decimal(JsonNode json, String key) {
    if (!json.path(key).isNumber()) {
      throw new IllegalArgumentException("an unfinished job has no " + key);
    }
    return json.get(key).doubleValue();
  }

  private static boolean flag(JsonNode json, String key) {
    return json.path(key).booleanValue();
  }

  private static Path folder(JsonNode json, String key) {
    return path(json, key)
        .orElseThrow(() -> new IllegalArgumentException("an unfinished job has no " + key));
  }

  private static Optional<Path> path(JsonNode json, String key) {
    return path(text(json, key));
  }

  static String text(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }

  static Optional<Path> path(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(text + " is no path", e);
    }
  }
}
