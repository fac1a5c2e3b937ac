package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.allocation.LockSyntax;
import org.espalier.allocation.LockSyntaxException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.allocation.TargetSyntax;
import org.espalier.pruning.MethodDescription;
import org.espalier.report.ReportFolder;
import org.espalier.report.RunReport;
import org.espalier.task.EspalierException;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.ConstraintCost;
import org.espalier.workbench.Destination;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.Subscription;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prune",
    description = "Prunes a checkpoint into a folder, or into a run of the workspace.")
final class PruneCommand extends SessionCommand {
  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  @Mixin private MethodOptions method;

  @Option(names = "--ratio", paramLabel = "R", description = "Share to remove, from 0 to below 1.")
  private Double ratio;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description =
          "What to leave, instead of --ratio: parameters (\"6.0 B\", \"350 M\") or bytes of"
              + " weights (\"12 GiB\").")
  private String size;

  @Option(
      names = "--ratio-of",
      paramLabel = "WHAT",
      defaultValue = "prunable",
      description =
          "What the ratio is a share of: prunable, unit, layer or total"
              + " (default: ${DEFAULT-VALUE}).")
  private String ratioOf;

  @Option(
      names = "--lock",
      paramLabel = "B[:SUBLAYER=R]",
      description =
          "Keep block B whole, or fix the share removed from its attention or feedForward;"
              + " may be repeated.")
  private List<String> locks = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "Where it will run: keeps to the widths that this export target takes; 'methods' lists"
              + " them.")
  private String target;

  @Option(
      names = "--channel-multiple",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Channels in multiples of N, for example 32, 64 or 256 for quantised kernels (default:"
              + " ${DEFAULT-VALUE}).")
  private int channelMultiple;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the pruned checkpoint (default: a run in the workspace).")
  private Path out;

  @Option(names = "--force", description = "Replace an existing --out.")
  private boolean force;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the run.")
  private String name;

  PruneCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    method.check();
    if ((ratio == null) == (size == null)) {
      throw new UsageException("Give either --ratio or --size: how much to remove, or to leave.");
    }
    if (size != null && !TargetSyntax.isSize(size)) {
      throw new UsageException(
          "--size must be parameters like \"6.0 B\" or bytes like \"12 GiB\", not " + size);
    }
    if (ratio != null && !(ratio >= 0 && ratio < 1)) {
      throw new UsageException("--ratio must be at least 0 and below 1, not " + ratio);
    }
    ratioDefinition();
    UsageException.requireAtLeast(1, "--channel-multiple", channelMultiple);
    if (channelMultiple > 1 && target == null) {
      throw new UsageException("--channel-multiple needs a --target");
    }
    if (out != null && !force && Files.exists(out)) {
      throw new EspalierException(out + " exists already; choose another --out or add --force");
    }
  }

  private RatioDefinition ratioDefinition() {
    for (RatioDefinition definition : RatioDefinition.values()) {
      if (definition.label().equals(ratioOf)) {
        return definition;
      }
    }
    throw new UsageException("--ratio-of must be prunable, unit, layer or total, not " + ratioOf);
  }

  @Override
  void run(Session session) {
    final MethodDescription known = method.describe(session.workbench().methods());
    if (target != null) {
      TargetOption.find(session.workbench(), target);
    }
    OpenedCheckpoint opened = session.open(folder);
    Locks parsed;
    try {
      parsed = LockSyntax.parse(locks, opened.model());
    } catch (LockSyntaxException e) {
      throw new UsageException(e.getMessage());
    }
    final long started = System.nanoTime();
    Analysis analysis =
        session.await(
            session.workbench().analyse(opened, method.request(known, opened, options().seed())));
    if (target != null) {
      analysis = session.workbench().constrain(analysis, new Destination(target, channelMultiple));
    }
    Target wanted = target(opened, analysis);
    // Asked before anything is written, so that an infeasible wish fails at once.
    analysis.allocate(wanted, parsed);
    if (!analysis.constraint().isNone()) {
      printCost(
          session, session.await(session.workbench().constraintCost(analysis, wanted, parsed)));
    }
    TrialLines trials = new TrialLines(terminal());
    Run run;
    try (Subscription watching = session.workbench().onSearch(trials::show)) {
      run =
          session.await(
              session
                  .workbench()
                  .prune(
                      analysis,
                      new PruneRequest(
                          wanted, parsed, runName(known, wanted), Optional.ofNullable(out), force)),
              trials::note);
    }
    // The analysis is part of what the command costs.
    final double seconds = (System.nanoTime() - started) / 1e9;
    RunDescription.print(session, run);
    analysis.remark(wanted, run.allocation()).ifPresent(session::print);
    session.print("Run " + run.name() + " (" + run.id() + ") in " + run.folder());
    report(session, analysis, run);
    session.result(
        RunJson.of(run, opened.model(), analysis.subLayers(), seconds).with(trials.trials()));
  }

  private Target target(OpenedCheckpoint opened, Analysis analysis) {
    return size == null
        ? new Target(ratio, ratioDefinition())
        : TargetSyntax.parseSize(size, opened.costs(), analysis.addsBiases()).orElseThrow();
  }

  private static void printCost(Session session, ConstraintCost cost) {
    session.print(
        String.format(
            Locale.ROOT,
            "Fitting the target: perplexity %.3f, %.3f without it (%s)",
            cost.constrainedPerplexity(),
            cost.freePerplexity(),
            cost.protocol()));
  }

  /** The run stays what it is if its report cannot be drawn, for example for want of fonts. */
  private static void report(Session session, Analysis analysis, Run run) {
    RunReport report =
        new RunReport(
            run,
            analysis.checkpoint().name(),
            analysis.checkpoint().model(),
            analysis.method(),
            Optional.of(analysis.picturedImportance()),
            analysis.calibration(),
            List.of(),
            Optional.empty());
    try {
      session.print("Report " + ReportFolder.write(report, run.folder().resolve("report")));
    } catch (EspalierException e) {
      session.warn("No report: " + e.getMessage());
    }
  }

  private String runName(MethodDescription known, Target target) {
    return name != null
        ? name
        : String.format(Locale.ROOT, "%s %s %%", known.name(), trimmed(100 * target.ratio()));
  }

  private static String trimmed(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
