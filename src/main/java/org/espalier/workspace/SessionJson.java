package org.espalier.workspace;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.task.EspalierException;

/** How a session is written. Texts stand for paths, empty ones for none. */
final class SessionJson {
  private static final int FORMAT = 1;

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
      List<PruningJson> prunings,
      List<TrainingJson> trainings) {}

  private record FormJson(
      String method,
      Map<String, Map<String, String>> parameters,
      String calibration,
      String samples,
      String window,
      String seed,
      String target,
      int channelMultiple) {}

  private record AnalysedJson(
      String method,
      Map<String, String> parameters,
      String calibration,
      int samples,
      int window,
      long seed,
      String allocator,
      String target,
      int channelMultiple) {}

  private record PruningJson(
      String title, String checkpoint, AnalysedJson analysed, DraftFile.StateJson wanted) {}

  private record TrainingJson(
      String title, String run, Map<String, String> settings, String kind, String file) {}

  static void write(Path file, SavedSession session) {
    List<PruningJson> prunings = new ArrayList<>();
    List<TrainingJson> trainings = new ArrayList<>();
    for (UnfinishedJob job : session.unfinished()) {
      if (job instanceof UnfinishedJob.Pruning pruning) {
        prunings.add(
            new PruningJson(
                pruning.title(),
                text(pruning.checkpoint()),
                json(pruning.analysed()),
                DraftFile.json(pruning.wanted())));
      } else if (job instanceof UnfinishedJob.Training training) {
        trainings.add(
            new TrainingJson(
                training.title(),
                training.run(),
                training.settings(),
                training.kind(),
                text(training.file())));
      }
    }
    SavedSession.MethodForm form = session.form();
    JsonFile.writeCompact(
        file,
        new Content(
            FORMAT,
            text(session.checkpoint()),
            session.checkpointName(),
            new FormJson(
                form.method(),
                form.parameters(),
                text(form.calibration()),
                form.samples(),
                form.window(),
                form.seed(),
                form.target(),
                form.channelMultiple()),
            session.analysed().stream().map(SessionJson::json).toList(),
            DraftFile.json(session.draft()),
            session.shown(),
            session.layout(),
            prunings,
            trainings));
  }

  /**
   * @throws EspalierException naming the file and what is wrong with it
   */
  static SavedSession read(Path file) {
    Content content = JsonFile.read(file, Content.class);
    if (content.format() != FORMAT) {
      throw new EspalierException(
          "it has format " + content.format() + ", written by a newer version");
    }
    try {
      List<UnfinishedJob> unfinished = new ArrayList<>();
      content.prunings().forEach(pruning -> unfinished.add(pruning(pruning)));
      content.trainings().forEach(training -> unfinished.add(training(training)));
      FormJson form = content.form();
      return new SavedSession(
          path(content.checkpoint()),
          content.checkpointName(),
          new SavedSession.MethodForm(
              form.method(),
              form.parameters(),
              path(form.calibration()),
              form.samples(),
              form.window(),
              form.seed(),
              form.target(),
              form.channelMultiple()),
          content.analysed().stream().findFirst().map(SessionJson::analysed),
          DraftFile.draft(content.draft()),
          content.shown(),
          content.layout(),
          unfinished);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new EspalierException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static UnfinishedJob pruning(PruningJson json) {
    return new UnfinishedJob.Pruning(
        json.title(),
        path(json.checkpoint()),
        analysed(json.analysed()),
        DraftFile.state(json.wanted()));
  }

  private static UnfinishedJob training(TrainingJson json) {
    return new UnfinishedJob.Training(
        json.title(), json.run(), json.settings(), json.kind(), path(json.file()));
  }

  private static AnalysedJson json(SavedSession.Analysed analysed) {
    return new AnalysedJson(
        analysed.method(),
        analysed.parameters(),
        text(analysed.calibration()),
        analysed.samples(),
        analysed.window(),
        analysed.seed(),
        analysed.allocator(),
        analysed.target(),
        analysed.channelMultiple());
  }

  private static SavedSession.Analysed analysed(AnalysedJson json) {
    return new SavedSession.Analysed(
        json.method(),
        json.parameters(),
        path(json.calibration()),
        json.samples(),
        json.window(),
        json.seed(),
        json.allocator(),
        json.target(),
        json.channelMultiple());
  }

  private static String text(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(text + " is no path", e);
    }
  }
}
