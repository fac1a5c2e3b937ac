package org.espalier.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.report.ReportFolder;
import org.espalier.report.RunComparison;
import org.espalier.report.Table;
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
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the table and its pictures (default: none are written).")
  private Path out;

  @Mixin private RaceOptions race;

  CompareCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    race.check();
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
      table(found).forEach(session::print);
      if (out != null) {
        ReportFolder.write(new RunComparison(found, List.of()), out);
        session.print("Pictures in " + out);
      }
    }
    Map<String, Object> raced = race.wanted() ? race.run(session, found, options()) : null;
    session.result(new Comparison(found.stream().map(RunJson::of).toList(), raced));
  }

  private static List<String> table(List<Run> runs) {
    Set<Protocol> protocols = new LinkedHashSet<>();
    runs.forEach(run -> run.perplexities().forEach(result -> protocols.add(result.protocol())));
    List<List<String>> rows = new ArrayList<>();
    List<String> heading =
        new ArrayList<>(List.of("run", "method", "prunable removed", "parameters", "size"));
    for (int i = 0; i < protocols.size(); i++) {
      heading.add("perplexity " + (i + 1));
    }
    heading.add("reading");
    heading.add("writing");
    for (Run run : runs) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  run.name(),
                  run.method(),
                  Units.percent(run.ratios().prunable()),
                  Units.count(run.parametersAfter()),
                  Units.bytes(run.bytes())));
      for (Protocol protocol : protocols) {
        row.add(perplexity(run, protocol).map(r -> Units.number(r.perplexity())).orElse("-"));
      }
      row.add(run.speed().map(speed -> times(speed.prefill().median())).orElse("-"));
      row.add(run.speed().map(speed -> times(speed.decode().median())).orElse("-"));
      rows.add(row);
    }
    List<String> lines = new ArrayList<>(new Table(heading, rows).toText().lines().toList());
    int number = 0;
    for (Protocol protocol : protocols) {
      number++;
      lines.add("perplexity " + number + ": " + protocol.description());
    }
    if (runs.stream().anyMatch(run -> run.speed().isPresent())) {
      lines.add("reading, writing: speed as a multiple of the dense model's");
    }
    return lines;
  }

  private static Optional<PerplexityResult> perplexity(Run run, Protocol protocol) {
    return run.perplexities().stream()
        .filter(result -> result.protocol().equals(protocol))
        .findFirst();
  }

  private static String times(double ratio) {
    return Units.number(ratio) + "x";
  }
}
