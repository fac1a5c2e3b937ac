package org.espalier.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.corpus.TextFingerprint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.task.EspalierException;
import org.espalier.workspace.LocksJson.HeldSubLayer;
import org.espalier.workspace.LocksJson.PickedUnits;

/**
 * How a run is written: {@code run.json} says what it is, {@code measurements.json} what it does,
 * {@code recovery.json} how it was trained, if it was, {@code notes.txt} what people wrote about
 * it.
 */
final class RunFiles {
  static final String RUN = "run.json";
  static final String MEASUREMENTS = "measurements.json";
  private static final String HAND_PICKED = "hand-picked.json";
  private static final String HIDDEN_SIZE = "hidden-size.json";
  static final String RECOVERY = "recovery.json";
  private static final String CALIBRATION = "calibration.json";
  private static final String NOTES = "notes.txt";
  private static final int FORMAT = 1;

  private RunFiles() {}

  /** The content of {@code run.json}. */
  private record RunFile(
      int format,
      String name,
      String checkpoint,
      String checkpointHash,
      String method,
      Map<String, String> parameters,
      double targetRatio,
      String targetRatioOf,
      List<HeldSubLayer> locks,
      List<Integer> keptHeadGroups,
      List<Integer> keptChannels,
      Ratios ratios,
      long parametersBefore,
      long parametersAfter,
      long bytes,
      double seconds,
      long peakMemoryBytes,
      String created) {}

  /** The content of {@code hand-picked.json}, which only runs with such units have. */
  private record HandPickedFile(int format, List<PickedUnits> picked) {}

  /** The content of {@code measurements.json}; speed holds one comparison or none. */
  private record MeasurementsFile(
      int format, List<PerplexityResult> perplexities, List<SpeedComparison> speed) {}

  /** The content of {@code hidden-size.json}: hidden channels that a run keeps. */
  private record HiddenSizeFile(int format, int kept) {}

  /** The content of {@code recovery.json}. */
  private record RecoveryFile(int format, RecoveredFrom recovery) {}

  static boolean isRun(Path folder) {
    return Files.isRegularFile(folder.resolve(RUN));
  }

  /**
   * @throws EspalierException naming the damaged file
   */
  static Run read(Path folder) {
    Path runFile = folder.resolve(RUN);
    RunFile run = JsonFile.read(runFile, RunFile.class);
    checkFormat(runFile, run.format());
    MeasurementsFile measured = new MeasurementsFile(FORMAT, List.of(), List.of());
    Path measurementsFile = folder.resolve(MEASUREMENTS);
    if (Files.exists(measurementsFile)) {
      JsonNode tree = JsonFile.read(measurementsFile, JsonNode.class);
      checkFormat(measurementsFile, tree.path("format").asInt());
      measured = JsonFile.value(measurementsFile, completed(tree), MeasurementsFile.class);
    }
    HandPickedFile picked = new HandPickedFile(FORMAT, List.of());
    Path pickedFile = folder.resolve(HAND_PICKED);
    if (Files.exists(pickedFile)) {
      picked = JsonFile.read(pickedFile, HandPickedFile.class);
      checkFormat(pickedFile, picked.format());
    }
    Optional<RecoveredFrom> recoveredFrom = Optional.empty();
    Path recoveryFile = folder.resolve(RECOVERY);
    if (Files.exists(recoveryFile)) {
      RecoveryFile recovery = JsonFile.read(recoveryFile, RecoveryFile.class);
      checkFormat(recoveryFile, recovery.format());
      recoveredFrom = Optional.of(recovery.recovery());
    }
    Allocation allocation = new Allocation(run.keptHeadGroups(), run.keptChannels());
    Path hiddenFile = folder.resolve(HIDDEN_SIZE);
    if (Files.exists(hiddenFile)) {
      HiddenSizeFile hidden = JsonFile.read(hiddenFile, HiddenSizeFile.class);
      checkFormat(hiddenFile, hidden.format());
      allocation = allocation.withHidden(hidden.kept());
    }
    try {
      return new Run(
          folder.getFileName().toString(),
          run.name(),
          folder,
          Path.of(run.checkpoint()),
          run.checkpointHash(),
          run.method(),
          run.parameters(),
          new Target(run.targetRatio(), LocksJson.ratioDefinition(run.targetRatioOf())),
          LocksJson.locks(run.locks(), picked.picked()),
          allocation,
          run.ratios(),
          run.parametersBefore(),
          run.parametersAfter(),
          run.bytes(),
          run.seconds(),
          run.peakMemoryBytes(),
          Instant.parse(run.created()),
          measured.perplexities(),
          measured.speed().stream().findFirst(),
          recoveredFrom,
          TaskFiles.summaries(folder),
          notes(folder));
    } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
      throw new EspalierException(runFile + " is damaged: " + e.getMessage(), e);
    }
  }

  static void write(Path folder, Run run) {
    JsonFile.write(
        folder.resolve(RUN),
        new RunFile(
            FORMAT,
            run.name(),
            run.checkpoint().toString(),
            run.checkpointHash(),
            run.method(),
            run.parameters(),
            run.target().ratio(),
            run.target().of().label(),
            LocksJson.held(run.locks()),
            run.allocation().keptHeadGroups(),
            run.allocation().keptChannels(),
            run.ratios(),
            run.parametersBefore(),
            run.parametersAfter(),
            run.bytes(),
            run.seconds(),
            run.peakMemoryBytes(),
            run.created().toString()));
    if (!run.locks().picked().isEmpty()) {
      JsonFile.write(
          folder.resolve(HAND_PICKED), new HandPickedFile(FORMAT, LocksJson.picked(run.locks())));
    }
    run.allocation()
        .keptHidden()
        .ifPresent(
            kept -> JsonFile.write(folder.resolve(HIDDEN_SIZE), new HiddenSizeFile(FORMAT, kept)));
    run.recoveredFrom()
        .ifPresent(
            recovery ->
                JsonFile.write(folder.resolve(RECOVERY), new RecoveryFile(FORMAT, recovery)));
  }

  static void writeMeasurements(
      Path folder, List<PerplexityResult> perplexities, Optional<SpeedComparison> speed) {
    JsonFile.write(
        folder.resolve(MEASUREMENTS),
        new MeasurementsFile(FORMAT, perplexities, speed.stream().toList()));
  }

  /** Numbers measured by earlier versions lack what was not recorded then. */
  private static JsonNode completed(JsonNode tree) {
    for (JsonNode result : tree.path("perplexities")) {
      if (result instanceof ObjectNode perplexity && !perplexity.has("estimate")) {
        perplexity.put("estimate", false);
        perplexity.putArray("warnings");
      }
      if (result instanceof ObjectNode perplexity && !perplexity.has("textWindows")) {
        perplexity.put("textWindows", 0);
      }
    }
    for (JsonNode comparison : tree.path("speed")) {
      for (String model : List.of("dense", "pruned")) {
        if (comparison.path(model) instanceof ObjectNode speed && !speed.has("blocks")) {
          speed.putArray("blocks");
        }
      }
      if (comparison instanceof ObjectNode speed && !speed.has("notes")) {
        speed.putArray("notes");
        complete((ObjectNode) speed.path("dense"));
        complete((ObjectNode) speed.path("pruned"));
      }
    }
    return tree;
  }

  private static void complete(ObjectNode speed) {
    speed.put("batch", 1).put("bytesPerToken", 0);
    spread(speed, "prefill", speed.path("prefillTokensPerSecond").asDouble());
    spread(speed, "decode", speed.path("decodeTokensPerSecond").asDouble());
  }

  private static void spread(ObjectNode speed, String name, double median) {
    speed.putObject(name).put("low", median).put("median", median).put("high", median);
  }

  static void writeNotes(Path folder, String notes) {
    WholeFile.write(folder.resolve(NOTES), notes.getBytes(StandardCharsets.UTF_8));
  }

  private static String notes(Path folder) {
    Path file = folder.resolve(NOTES);
    try {
      return Files.isRegularFile(file)
          ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          : "";
    } catch (IOException e) {
      throw new EspalierException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static void writeCalibration(Path folder, TextFingerprint calibration) {
    JsonFile.write(folder.resolve(CALIBRATION), calibration);
  }

  static Optional<TextFingerprint> calibration(Path folder) {
    Path file = folder.resolve(CALIBRATION);
    return Files.isRegularFile(file)
        ? Optional.of(JsonFile.read(file, TextFingerprint.class))
        : Optional.empty();
  }

  private static void checkFormat(Path file, int format) {
    if (format != FORMAT) {
      throw new EspalierException(
          file + " has format " + format + ", which this version cannot read; use a newer version");
    }
  }
}
