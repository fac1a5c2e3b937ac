package org.espalier.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.ParameterValues;
import org.espalier.workbench.Allocators;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.CalibrationRequest;
import org.espalier.workbench.OpenedCheckpoint;
import picocli.CommandLine.Option;

/** Which method analyses, and on what. */
final class MethodOptions {
  private static final String SEED = "seed";

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "flap",
      description = "Pruning method; 'methods' lists them (default: ${DEFAULT-VALUE}).")
  private String method;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A parameter of the method; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "Calibration text: plain text, JSONL with a text field, or .json with token windows"
              + " (default for the sample model: its own text).")
  private Path calibration;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Calibration windows (default: all ready windows, or 64 drawn from a text).")
  private Integer samples;

  @Option(
      names = "--calibration-window",
      paramLabel = "N",
      description =
          "Tokens of one calibration window (default: as ready windows, or 128 of a text).")
  private Integer window;

  @Option(
      names = "--allocator",
      paramLabel = "NAME",
      defaultValue = Allocators.OWN,
      description =
          "How the target is shared among sub-layers: own (as the method says) or price (by equal"
              + " marginal prices, measured first); 'methods' explains them (default:"
              + " ${DEFAULT-VALUE}).")
  private String allocator;

  void check() {
    if (!Allocators.isKnown(allocator)) {
      throw new UsageException(
          "There is no allocator "
              + allocator
              + "; choose one of "
              + String.join(", ", Allocators.names()));
    }
    UsageException.requireAtLeast(1, "--samples", samples);
    UsageException.requireAtLeast(1, "--calibration-window", window);
  }

  /** The method, once its name and parameters are known to exist. */
  MethodDescription describe(List<MethodDescription> methods) {
    MethodDescription known =
        methods.stream()
            .filter(candidate -> candidate.name().equals(method))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "There is no method "
                            + method
                            + "; choose one of "
                            + String.join(
                                ", ", methods.stream().map(MethodDescription::name).toList())));
    UsageException.requireKnown(() -> ParameterValues.of(known, parameters));
    return known;
  }

  AnalysisRequest request(MethodDescription known, OpenedCheckpoint checkpoint, long seed) {
    if (known.needsCalibration() && calibration == null && !checkpoint.sample()) {
      throw new UsageException(
          "The method "
              + known.name()
              + " needs a text for "
              + checkpoint.name()
              + ": add --calibration FILE");
    }
    Map<String, String> values = new LinkedHashMap<>(parameters);
    // --seed is the seed of everything random, so of the method too.
    if (seed != 0 && known.parameters().stream().anyMatch(p -> p.name().equals(SEED))) {
      values.putIfAbsent(SEED, Long.toString(seed));
    }
    return new AnalysisRequest(
        known.name(),
        values,
        new CalibrationRequest(
            Optional.ofNullable(calibration),
            samples == null ? 0 : samples,
            window == null ? 0 : window,
            seed),
        allocator);
  }
}
