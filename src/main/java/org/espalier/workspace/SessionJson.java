package org.espalier.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.espalier.task.EspalierException;

/** How a session is written. Texts stand for paths, empty ones for none. */
final class SessionJson {
  private static final int FORMAT = 1;
  private static final int NONE = -1;

  private SessionJson() {}

  private record Content(
      int format,
      String checkpoint,
      String checkpointName,
      FormJson form,
      List<AnalysedJson> analysed,
      DraftFile.DraftJson draft,
      String shown,
      SavedSession.Layout layout,
      DetailsJson details,
      List<JsonNode> unfinished) {}

  private record DetailsJson(int enlarged, int context, Map<String, String> notes) {}

  private record FormJson(
      String method,
      Map<String, Map<String, String>> parameters,
      String calibration,
      String samples,
      String window,
      String seed,
      String target,
      int channelMultiple) {}

  record AnalysedJson(
      String method,
      Map<String, String> parameters,
      String calibration,
      int samples,
      int window,
      long seed,
      String allocator,
      String target,
      int channelMultiple) {}

  static void write(Path file, SavedSession session) {
    SavedSession.MethodForm form = session.form();
    JsonFile.writeCompact(
        file,
        new Content(
            FORMAT,
            UnfinishedJobJson.text(session.checkpoint()),
            session.checkpointName(),
            new FormJson(
                form.method(),
                form.parameters(),
                UnfinishedJobJson.text(form.calibration()),
                form.samples(),
                form.window(),
                form.seed(),
                form.target(),
                form.channelMultiple()),
            session.analysed().stream().map(SessionJson::json).toList(),
            DraftFile.json(session.draft()),
            session.shown(),
            session.layout(),
            json(session.details()),
            session.unfinished().stream()
                .map(job -> (JsonNode) UnfinishedJobJson.json(job))
                .toList()));
  }

  /**
   * @throws EspalierException naming the file and what is wrong with it
   */
  static SavedSession read(Path file) {
    ObjectNode json = JsonFile.read(file, ObjectNode.class);
    complete(json);
    Content content = JsonFile.value(file, json, Content.class);
    if (content.format() != FORMAT) {
      throw new EspalierException(
          "it has format " + content.format() + ", written by a newer version");
    }
    try {
      FormJson form = content.form();
      return new SavedSession(
          UnfinishedJobJson.path(content.checkpoint()),
          content.checkpointName(),
          new SavedSession.MethodForm(
              form.method(),
              form.parameters(),
              UnfinishedJobJson.path(form.calibration()),
              form.samples(),
              form.window(),
              form.seed(),
              form.target(),
              form.channelMultiple()),
          content.analysed().stream().findFirst().map(SessionJson::analysed),
          DraftFile.draft(content.draft()),
          content.shown(),
          content.layout(),
          details(content.details()),
          unfinished(content.unfinished()));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new EspalierException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Adds to a session of an earlier version what it did not know. */
  private static void complete(ObjectNode json) {
    DraftFile.complete(json.path("draft"));
    json.putIfAbsent("details", JsonFile.tree(json(SavedSession.Details.NONE)));
    json.putIfAbsent("unfinished", json.arrayNode());
  }

  private static DetailsJson json(SavedSession.Details details) {
    return new DetailsJson(details.enlarged().orElse(NONE), details.context(), details.notes());
  }

  private static SavedSession.Details details(DetailsJson json) {
    return new SavedSession.Details(
        json.enlarged() < 0 ? OptionalInt.empty() : OptionalInt.of(json.enlarged()),
        json.context(),
        json.notes());
  }

  private static List<UnfinishedJob> unfinished(List<JsonNode> jobs) {
    return jobs.stream().flatMap(json -> UnfinishedJobJson.job(json).stream()).toList();
  }

  static AnalysedJson json(SavedSession.Analysed analysed) {
    return new AnalysedJson(
        analysed.method(),
        analysed.parameters(),
        UnfinishedJobJson.text(analysed.calibration()),
        analysed.samples(),
        analysed.window(),
        analysed.seed(),
        analysed.allocator(),
        analysed.target(),
        analysed.channelMultiple());
  }

  static SavedSession.Analysed analysed(AnalysedJson json) {
    return new SavedSession.Analysed(
        json.method(),
        json.parameters(),
        UnfinishedJobJson.path(json.calibration()),
        json.samples(),
        json.window(),
        json.seed(),
        json.allocator(),
        json.target(),
        json.channelMultiple());
  }
}
