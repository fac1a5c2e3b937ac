package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.pruning.MethodDescription;
import org.espalier.report.ReportFolder;
import org.espalier.report.RunReport;
import org.espalier.task.EspalierException;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.ExportRequest;
import org.espalier.workbench.ExportSummary;
import org.espalier.workbench.ExportTargetDescription;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "demo",
    description =
        "Does the main job in one go: analyse, prune, evaluate, export, and report with pictures.")
final class DemoCommand extends SessionCommand {
  private static final SpeedRequest SPEED = new SpeedRequest(128, 32, 1, 5);
  private static final int MOST_WINDOWS = 128;
  private static final String PLAN = "plan.json";

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      defaultValue = "sample",
      description = Session.CHECKPOINT_HELP + " Default: sample.")
  private String folder;

  @Mixin private MethodOptions method;

  @Option(
      names = "--ratio",
      paramLabel = "R",
      defaultValue = "0.3",
      description = "Share of the prunable parameters to remove (default: ${DEFAULT-VALUE}).")
  private double ratio;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "Text to evaluate on (default for the sample model: its held-out text).")
  private Path text;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "New folder for everything (default: one named after the time).")
  private Path out;

  DemoCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    method.check();
    if (!(ratio >= 0 && ratio < 1)) {
      throw new UsageException("--ratio must be at least 0 and below 1, not " + ratio);
    }
    if (out != null && Files.exists(out)) {
      throw new EspalierException(out + " exists already; choose another --out");
    }
  }

  @Override
  void run(Session session) {
    final Path target = target();
    Workbench workbench = session.workbench();
    final MethodDescription known = method.describe(workbench.methods());
    OpenedCheckpoint opened = session.open(folder);
    session.print(
        "1/6  Opened "
            + opened.name()
            + ": "
            + opened.model().blocks().size()
            + " blocks, "
            + Units.count(opened.model().totalParameters())
            + " parameters");
    Analysis analysis =
        session.await(workbench.analyse(opened, method.request(known, opened, options().seed())));
    session.print(
        "2/6  Scored "
            + Units.count(opened.model().units())
            + " units with "
            + known.title()
            + (analysis.calibration().isEmpty() ? "" : " on " + analysis.calibration()));
    Run run = prune(session, analysis, target.resolve("run"));
    session.print("3/6  Pruned at " + Units.percent(ratio) + " of the prunable parameters");
    RunDescription.print(session, run);
    PerplexityResult dense =
        EvaluateCommand.perplexity(
            session, onWindow -> workbench.evaluate(opened, evaluation(), onWindow));
    PerplexityResult pruned =
        EvaluateCommand.perplexity(
            session,
            onWindow -> workbench.evaluate(run, options().device(), evaluation(), onWindow));
    session.print(
        "4/6  Perplexity "
            + Units.number(dense.perplexity())
            + " dense, "
            + Units.number(pruned.perplexity())
            + " pruned ("
            + dense.protocol().description()
            + ")");
    SpeedComparison speed = session.await(workbench.measureSpeed(opened, run, SPEED));
    session.print(
        String.format(
            Locale.ROOT,
            "     Speed pruned over dense: reading %.2f, writing %.2f",
            speed.prefill().median(),
            speed.decode().median()));
    ExportSummary exported = export(session, run, target.resolve("export"));
    session.print(
        "5/6  Exported to "
            + exported.folder()
            + " ("
            + Units.bytes(exported.bytes())
            + "), read back and compared");
    Run measured = workbench.findRun(run.folder().toString());
    Path page =
        report(
            target,
            new RunReport(
                measured,
                opened.name(),
                opened.model(),
                known,
                Optional.of(analysis.picturedImportance()),
                analysis.calibration(),
                List.of(dense),
                Optional.of(exported.folder())));
    session.print("6/6  Report, pictures, plan, pruned model and export are in " + target);
    session.print("     Open " + page + " in a browser to see it");
    session.print("     The window opens with packaging/espalier where there is a display");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("folder", target.toString());
    result.put("report", page.toString());
    result.put("densePerplexity", dense.perplexity());
    result.put("prunedPerplexity", pruned.perplexity());
    result.put("run", RunJson.of(measured));
    session.result(result);
  }

  private Path target() {
    String stamp =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
            .format(LocalDateTime.now(ZoneId.systemDefault()));
    Path wanted = out == null ? Path.of("espalier-demo-" + stamp) : out;
    try {
      return Files.createDirectories(wanted.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot create " + wanted + " (" + e.getMessage() + "); choose another --out", e);
    }
  }

  private Run prune(Session session, Analysis analysis, Path place) {
    return session.await(
        session
            .workbench()
            .prune(
                analysis,
                new PruneRequest(
                    new Target(ratio, RatioDefinition.PRUNABLE),
                    Locks.NONE,
                    "demo",
                    Optional.of(place),
                    false)));
  }

  private EvaluationRequest evaluation() {
    return new EvaluationRequest(Optional.ofNullable(text), 0, MOST_WINDOWS);
  }

  private static ExportSummary export(Session session, Run run, Path place) {
    ExportTargetDescription target =
        session.workbench().exportTargets().stream()
            .filter(ExportTargetDescription::anyWidths)
            .findFirst()
            .orElseThrow();
    return session.await(
        session
            .workbench()
            .export(run, new ExportRequest(target.name(), target.formats().get(0), place, false)));
  }

  private static Path report(Path target, RunReport report) {
    Path page = ReportFolder.write(report, target);
    try {
      Files.copy(
          report.run().folder().resolve(PLAN),
          target.resolve(PLAN),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot copy the plan to " + target + " (" + e.getMessage() + ")", e);
    }
    return page;
  }
}
