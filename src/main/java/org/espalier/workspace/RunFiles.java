package org.espalier.workspace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How a run is written: {@code run.json} says what it is, {@code measurements.json} what it does.
 */
final class RunFiles {
  static final String RUN = "run.json";
  static final String MEASUREMENTS = "measurements.json";
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

  private record HeldSubLayer(int block, String subLayer, int keptUnits, boolean editable) {}

  /** The content of {@code measurements.json}; speed holds one comparison or none. */
  private record MeasurementsFile(
      int format, List<PerplexityResult> perplexities, List<SpeedComparison> speed) {}

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
      measured = JsonFile.read(measurementsFile, MeasurementsFile.class);
      checkFormat(measurementsFile, measured.format());
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
          new Target(run.targetRatio(), ratioDefinition(run.targetRatioOf())),
          locks(run.locks()),
          new Allocation(run.keptHeadGroups(), run.keptChannels()),
          run.ratios(),
          run.parametersBefore(),
          run.parametersAfter(),
          run.bytes(),
          run.seconds(),
          run.peakMemoryBytes(),
          Instant.parse(run.created()),
          measured.perplexities(),
          measured.speed().stream().findFirst());
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
            heldSubLayers(run.locks()),
            run.allocation().keptHeadGroups(),
            run.allocation().keptChannels(),
            run.ratios(),
            run.parametersBefore(),
            run.parametersAfter(),
            run.bytes(),
            run.seconds(),
            run.peakMemoryBytes(),
            run.created().toString()));
  }

  static void writeMeasurements(
      Path folder, List<PerplexityResult> perplexities, Optional<SpeedComparison> speed) {
    JsonFile.write(
        folder.resolve(MEASUREMENTS),
        new MeasurementsFile(FORMAT, perplexities, speed.stream().toList()));
  }

  private static void checkFormat(Path file, int format) {
    if (format != FORMAT) {
      throw new EspalierException(
          file + " has format " + format + ", which this version cannot read; use a newer version");
    }
  }

  private static RatioDefinition ratioDefinition(String label) {
    for (RatioDefinition definition : RatioDefinition.values()) {
      if (definition.label().equals(label)) {
        return definition;
      }
    }
    throw new IllegalArgumentException("unknown ratio definition " + label);
  }

  private static Locks locks(List<HeldSubLayer> held) {
    Map<SubLayer, Hold> holds = new HashMap<>();
    for (HeldSubLayer entry : held) {
      SubLayer subLayer = new SubLayer(entry.block(), kind(entry.subLayer()));
      if (holds.put(subLayer, new Hold(entry.keptUnits(), entry.editable())) != null) {
        throw new IllegalArgumentException("a sub-layer of block " + entry.block() + " twice");
      }
    }
    return new Locks(holds);
  }

  private static List<HeldSubLayer> heldSubLayers(Locks locks) {
    return locks.holds().entrySet().stream()
        .map(
            entry ->
                new HeldSubLayer(
                    entry.getKey().block(),
                    label(entry.getKey().kind()),
                    entry.getValue().keptUnits(),
                    entry.getValue().editable()))
        .sorted(Comparator.comparing(HeldSubLayer::block).thenComparing(HeldSubLayer::subLayer))
        .toList();
  }

  private static String label(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? "attention" : "feedForward";
  }

  private static SubLayerKind kind(String label) {
    return switch (label) {
      case "attention" -> SubLayerKind.ATTENTION;
      case "feedForward" -> SubLayerKind.FEED_FORWARD;
      default -> throw new IllegalArgumentException("unknown sub-layer " + label);
    };
  }
}
