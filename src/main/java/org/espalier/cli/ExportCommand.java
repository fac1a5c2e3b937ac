package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.espalier.export.ExportProof;
import org.espalier.export.WeightFormat;
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
      ExportProof proof,
      String note,
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
      description =
          "How weights are stored: F32, F16, BF16 and, for GGUF, Q8_0 or Q4_0 (default: BF16, F16"
              + " for GGUF).")
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
    if (dtype != null) {
      format();
    }
    if (!force && Files.exists(out)) {
      throw new EspalierException(out + " exists already; choose another --out or add --force");
    }
  }

  private WeightFormat format() {
    String name =
        switch (dtype.toUpperCase(Locale.ROOT)) {
          case "FLOAT32" -> "F32";
          case "FLOAT16" -> "F16";
          case "BFLOAT16" -> "BF16";
          default -> dtype.toUpperCase(Locale.ROOT);
        };
    return Arrays.stream(WeightFormat.values())
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("--dtype must be F32, F16, BF16, Q8_0 or Q4_0, not " + dtype));
  }

  @Override
  void run(Session session) {
    ExportTargetDescription known = TargetOption.find(session.workbench(), target);
    WeightFormat format = dtype == null ? known.formats().get(0) : format();
    Run found = session.workbench().findRun(run);
    ExportSummary summary =
        session.await(
            session
                .workbench()
                .export(found, new ExportRequest(target, format, out.toAbsolutePath(), force)));
    session.print(
        "Exported "
            + found.name()
            + " to "
            + summary.folder()
            + " ("
            + Units.bytes(summary.bytes())
            + "); read back, its logits differ by at most "
            + String.format(Locale.ROOT, "%.1e", summary.proof().largestLogitDifference())
            + (format.isQuantised()
                ? String.format(
                    Locale.ROOT,
                    " from the unrounded ones (largest %.1f), the likeliest next token is the same"
                        + " for %d of %d, and weights changed by %.2f %%",
                    summary.proof().largestLogit(),
                    summary.proof().sameNextTokens(),
                    summary.proof().ids().size(),
                    100 * summary.proof().weightError())
                : ""));
    if (!summary.note().isEmpty()) {
      session.print(summary.note());
    }
    session.print(summary.loadSnippet().strip());
    session.result(
        new Summary(
            summary.folder().toString(),
            summary.target(),
            format.name(),
            summary.bytes(),
            summary.proof().largestLogitDifference(),
            summary.proof(),
            summary.note(),
            summary.loadSnippet()));
  }
}
