package org.espalier.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Ratios;
import org.espalier.task.EspalierException;
import org.espalier.workbench.CalibrationRequest;
import org.espalier.workbench.ComparisonRequest;
import org.espalier.workbench.ComparisonResult;
import org.espalier.workbench.ComparisonRow;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.ReadyComparison;
import org.espalier.workbench.SpeedRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "compare-methods",
    description =
        "Prunes a checkpoint with several methods and measures all of them under one protocol.")
final class CompareMethodsCommand extends SessionCommand {
  private record Outcome(
      double densePerplexity,
      List<Model> models,
      List<String> conclusions,
      List<String> failures,
      Path report) {}

  private record Model(
      String label,
      String method,
      Map<String, String> parameters,
      String run,
      double targetRatio,
      Ratios ratios,
      long parametersAfter,
      double perplexity,
      double analysisSeconds,
      boolean statisticsReused,
      double pruneSeconds,
      long peakMemoryBytes,
      long memoryAboveStartBytes,
      Double prefillSpeed,
      Double decodeSpeed,
      String remark) {}

  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      defaultValue = "depth-against-width",
      description =
          "Which methods: all-methods runs every method with its defaults and says which does not"
              + " beat random units; depth-against-width sets whole blocks against narrower ones at"
              + " equal parameters (default: ${DEFAULT-VALUE}).")
  private String set;

  @Option(
      names = "--ratios",
      paramLabel = "R",
      split = ",",
      description = "Shares of the prunable parameters to remove (default: those of the set).")
  private List<Double> ratios = new ArrayList<>();

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "Calibration text, as for 'prune' (default for the sample model: its own).")
  private Path calibration;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Calibration windows (default: all ready windows, or 64 drawn from a text).")
  private Integer samples;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description =
          "Text to measure on, as for 'evaluate' (default for the sample model: its own).")
  private Path text;

  @Option(
      names = "--max-windows",
      paramLabel = "N",
      description = "Measure at most so many windows (default: all).")
  private Integer maxWindows;

  @Option(names = "--speed", description = "Also measure reading and writing speed.")
  private boolean speed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the report (default: one in the workspace).")
  private Path out;

  CompareMethodsCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    ready();
    UsageException.requireAtLeast(1, "--samples", samples);
    UsageException.requireAtLeast(1, "--max-windows", maxWindows);
    for (double ratio : ratios) {
      if (!(ratio > 0 && ratio < 1)) {
        throw new UsageException("--ratios must be above 0 and below 1, not " + ratio);
      }
    }
  }

  private ReadyComparison ready() {
    try {
      return ReadyComparison.of(set);
    } catch (EspalierException e) {
      throw new UsageException(e.getMessage());
    }
  }

  @Override
  void run(Session session) {
    OpenedCheckpoint opened = session.open(folder);
    if (!opened.sample() && (calibration == null || text == null)) {
      throw new UsageException(
          "A comparison on " + opened.name() + " needs --calibration FILE and --text FILE");
    }
    ReadyComparison ready = ready();
    ComparisonResult result =
        session.await(
            session
                .workbench()
                .compare(
                    opened,
                    new ComparisonRequest(
                        ready.title(),
                        ready.explanation(),
                        ready.entries(
                            session.workbench().methods(),
                            ratios.isEmpty() ? ready.ratios() : ratios),
                        new CalibrationRequest(
                            Optional.ofNullable(calibration),
                            samples == null ? 0 : samples,
                            0,
                            options().seed()),
                        new EvaluationRequest(
                            Optional.ofNullable(text), 0, maxWindows == null ? 0 : maxWindows),
                        ready.baseline(),
                        speed ? Optional.of(SpeedRequest.DEFAULT) : Optional.empty(),
                        Optional.ofNullable(out)),
                    row -> {}));
    result.table().toText().lines().forEach(session::print);
    session.print(
        "dense perplexity "
            + Units.number(result.dense().perplexity())
            + " on "
            + result.dense().protocol().description());
    result.conclusions().forEach(session::print);
    result.failures().forEach(failure -> session.warn("Left out: " + failure));
    session.print("Report " + result.report());
    session.result(
        new Outcome(
            result.dense().perplexity(),
            result.rows().stream().map(CompareMethodsCommand::model).toList(),
            result.conclusions(),
            result.failures(),
            result.report()));
  }

  private static Model model(ComparisonRow row) {
    return new Model(
        row.entry().label(),
        row.run().method(),
        row.run().parameters(),
        row.run().name(),
        row.run().target().ratio(),
        row.run().ratios(),
        row.run().parametersAfter(),
        row.perplexity().perplexity(),
        row.effort().analysisSeconds(),
        row.effort().statisticsReused(),
        row.run().seconds(),
        row.effort().peakMemoryBytes(),
        row.effort().memoryAboveStart(),
        row.run().speed().map(measured -> measured.prefill().median()).orElse(null),
        row.run().speed().map(measured -> measured.decode().median()).orElse(null),
        row.remark().orElse(null));
  }
}
