package org.espalier.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.RatioDefinition;
import org.espalier.report.MeasuredTable;
import org.espalier.report.ReportFolder;
import org.espalier.report.RunComparison;
import org.espalier.report.TableFiles;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "compare", description = "Sets runs side by side.")
final class CompareCommand extends SessionCommand {
  /**
   * What was compared.
   *
   * @param race its outcome; null without one
   */
  private record Comparison(
      List<RunJson> runs, @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Object> race) {}

  @Parameters(
      paramLabel = "RUN",
      arity = "0..*",
      description = "Names, ids or folders of runs (default: all of the workspace).")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--ratio-by",
      paramLabel = "WHAT",
      defaultValue = "prunable",
      description =
          "The ratio by which runs are ordered, ranked and drawn: prunable, unit, layer or total"
              + " (default: ${DEFAULT-VALUE}).")
  private String ratioBy;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write everything as one HTML page with its pictures inside: tables, charts, plans,"
              + " protocols and the commands that make it again.")
  private Path report;

  @Option(
      names = "--table",
      paramLabel = "FILE",
      description =
          "Write the table with units and standard errors as .csv, .md or .tex; may be repeated.")
  private List<Path> tables = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for page, table and pictures (default: none are written).")
  private Path out;

  @Mixin private RaceOptions race;

  CompareCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    race.check();
    UsageException.requireKnown(() -> definition());
    for (Path table : tables) {
      if (!TableFiles.canWrite(table)) {
        throw new UsageException("--table ends in .csv, .md or .tex, not " + table);
      }
      JsonOutput.requireWritable(table);
    }
    if (report != null) {
      JsonOutput.requireWritable(report);
    }
  }

  private RatioDefinition definition() {
    return RatioDefinition.named(ratioBy);
  }

  @Override
  void run(Session session) {
    List<Run> found =
        runs.isEmpty()
            ? session.workbench().runs()
            : runs.stream().map(session.workbench()::findRun).toList();
    if (found.isEmpty()) {
      session.print("There are no runs yet; 'prune' makes them");
    } else {
      write(session, session.workbench().comparison(found, definition()));
    }
    Map<String, Object> raced = race.wanted() ? race.run(session, found, options()) : null;
    session.result(new Comparison(found.stream().map(RunJson::of).toList(), raced));
  }

  private void write(Session session, RunComparison comparison) {
    List<MeasuredTable> all = comparison.tables().all();
    for (MeasuredTable table : all) {
      session.print(table.caption());
      table.toTable().toText().lines().forEach(session::print);
      table.notes().forEach(note -> session.print("  " + note));
    }
    for (Path table : tables) {
      TableFiles.write(all, table).forEach(file -> session.print("Table " + file));
    }
    if (report != null) {
      ReportFolder.writePage(comparison, report);
      session.print("Report " + report);
    }
    if (out != null) {
      session.print("Report " + ReportFolder.write(comparison, out));
    }
  }
}
