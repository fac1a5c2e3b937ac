package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.espalier.checkpoint.DType;
import org.espalier.task.EspalierException;
import org.espalier.workbench.ExportRequest;
import org.espalier.workbench.ExportSummary;
import org.espalier.workbench.ExportTargetDescription;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "export", description = "Writes a run in a format that other programs open.")
final class ExportCommand extends SessionCommand {
  private record Summary(
      String folder,
      String target,
      String dtype,
      long bytes,
      double largestLogitDifference,
      String loadSnippet) {}

  @Parameters(paramLabel = "RUN", description = "A run's name, id or folder.")
  private String run;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      required = true,
      description = "Export target; 'methods' lists them.")
  private String target;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      defaultValue = "BF16",
      description = "Element type of the weights: F32, F16 or BF16 (default: ${DEFAULT-VALUE}).")
  private String dtype;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where it goes.")
  private Path out;

  @Option(names = "--force", description = "Replace an existing --out.")
  private boolean force;

  ExportCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    type();
    if (!force && Files.exists(out)) {
      throw new EspalierException(out + " exists already; choose another --out or add --force");
    }
  }

  private DType type() {
    return switch (dtype.toUpperCase(Locale.ROOT)) {
      case "F32", "FLOAT32" -> DType.F32;
      case "F16", "FLOAT16" -> DType.F16;
      case "BF16", "BFLOAT16" -> DType.BF16;
      default -> throw new UsageException("--dtype must be F32, F16 or BF16, not " + dtype);
    };
  }

  @Override
  void run(Session session) {
    List<String> targets =
        session.workbench().exportTargets().stream().map(ExportTargetDescription::name).toList();
    if (!targets.contains(target)) {
      throw new UsageException(
          "There is no export target " + target + "; choose one of " + String.join(", ", targets));
    }
    Run found = session.workbench().findRun(run);
    ExportSummary summary =
        session.await(
            session
                .workbench()
                .export(found, new ExportRequest(target, type(), out.toAbsolutePath(), force)));
    session.print(
        "Exported "
            + found.name()
            + " to "
            + summary.folder()
            + " ("
            + Units.bytes(summary.bytes())
            + "); read back, its logits differ by at most "
            + String.format(Locale.ROOT, "%.1e", summary.largestLogitDifference()));
    session.print(summary.loadSnippet().strip());
    session.result(
        new Summary(
            summary.folder().toString(),
            summary.target(),
            type().name(),
            summary.bytes(),
            summary.largestLogitDifference(),
            summary.loadSnippet()));
  }
}
