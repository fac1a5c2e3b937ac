package org.espalier.report.comparison;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.report.MeasuredTable;
import org.espalier.report.MeasuredTable.Cell;
import org.espalier.report.MeasuredTable.Column;
import org.espalier.report.RunReport;
import org.espalier.workspace.Run;

/**
 * Runs in tables, one for every protocol of perplexity, so that numbers of different protocols
 * never stand in one column. Runs are ordered by how much they removed, and ranked only among those
 * that removed about as much.
 *
 * @param aligned the ratio by which runs are ordered
 */
public record ComparisonTables(List<ComparedRun> runs, RatioDefinition aligned) {
  /** Shares that differ by more do not compare at one size. */
  private static final double SAME_SHARE = 0.01;

  private static final double MIB = 1 << 20;

  public ComparisonTables {
    runs = List.copyOf(runs);
  }

  /** The largest group first; runs without a perplexity come last, in a table of their own. */
  public List<MeasuredTable> all() {
    List<MeasuredTable> tables = new ArrayList<>();
    for (ProtocolGroup group : groups()) {
      tables.add(of(group));
    }
    List<Run> unmeasured =
        runs.stream().map(ComparedRun::run).filter(run -> run.perplexities().isEmpty()).toList();
    if (!unmeasured.isEmpty()) {
      tables.add(table("Without a perplexity", unmeasured, Optional.empty()));
    }
    return tables;
  }

  /** The groups of {@link #all}, in its order. */
  public List<ProtocolGroup> groups() {
    return ProtocolGroup.of(runs);
  }

  /** The table of one protocol. */
  public MeasuredTable of(ProtocolGroup group) {
    return table(
        "Perplexity on " + group.protocol().description(),
        group.members().stream().map(ProtocolGroup.Member::run).toList(),
        Optional.of(group));
  }

  private MeasuredTable table(String caption, List<Run> members, Optional<ProtocolGroup> group) {
    List<Part> parts = new ArrayList<>();
    parts.add(part("run", "", Cell.words("dense"), run -> Cell.words(run.name())));
    parts.add(part("method", "", Cell.NONE, run -> Cell.words(run.method())));
    parts.add(
        part(
            "removed of " + aligned.label(),
            "%",
            Cell.of(0, 2),
            run -> Cell.of(100 * share(run), 2)));
    group.ifPresent(known -> parts.addAll(quality(known)));
    List<String> notes = new ArrayList<>();
    group.flatMap(ComparisonTables::estimated).ifPresent(notes::add);
    parts.addAll(tasks(members, notes));
    parts.addAll(speeds(members, notes));
    parts.add(
        part(
            "parameters",
            "",
            Cell.of(members.get(0).parametersBefore(), 0),
            run -> Cell.of(run.parametersAfter(), 0)));
    parts.add(part("size", "MiB", Cell.NONE, run -> Cell.of(run.bytes() / MIB, 2)));
    List<List<Cell>> rows = new ArrayList<>();
    if (group.flatMap(ProtocolGroup::dense).isPresent()) {
      rows.add(parts.stream().map(Part::dense).toList());
    }
    for (Run run : ordered(members, group)) {
      rows.add(parts.stream().map(part -> part.value().of(run)).toList());
    }
    if (group.isPresent() && members.size() > 1) {
      notes.add(
          0,
          "Ranked among runs within %.0f point of one another by the share of %s"
              .formatted(100 * SAME_SHARE, aligned.reference()));
    }
    return new MeasuredTable(caption, parts.stream().map(Part::column).toList(), rows, notes);
  }

  /** One column, and what it says of the dense model. */
  private record Part(Column column, Value value, Cell dense) {}

  /** What a column says of a run. */
  @FunctionalInterface
  private interface Value {
    Cell of(Run run);
  }

  private static Part part(String title, String unit, Cell dense, Value value) {
    return new Part(new Column(title, unit), value, dense);
  }

  private double share(Run run) {
    return run.ratios().by(aligned);
  }

  private List<Part> quality(ProtocolGroup group) {
    return List.of(
        part(
            "perplexity",
            "",
            group.dense().map(ComparisonTables::cell).orElse(Cell.NONE),
            run -> group.of(run).map(ComparisonTables::cell).orElse(Cell.NONE)),
        part(
            "to dense",
            "times",
            Cell.of(1, 3),
            run ->
                group
                    .dense()
                    .flatMap(
                        dense ->
                            group
                                .of(run)
                                .map(own -> Cell.of(own.perplexity() / dense.perplexity(), 3)))
                    .orElse(Cell.NONE)),
        part("rank", "", Cell.NONE, run -> rank(run, group)));
  }

  /** What the sign of an estimate means. */
  private static Optional<String> estimated(ProtocolGroup group) {
    return group.members().stream()
        .map(ProtocolGroup.Member::perplexity)
        .filter(result -> result.estimate() && result.textWindows() > 0)
        .findFirst()
        .map(
            result ->
                "≈ an estimate for all %d windows of the text from %d drawn at random: the band was narrow enough"
                    .formatted(result.textWindows(), result.windows()));
  }

  private static Cell cell(PerplexityResult result) {
    int decimals = result.perplexity() < 10 ? 3 : result.perplexity() < 1000 ? 2 : 0;
    Cell cell =
        result.windows() > 1
            ? Cell.of(result.perplexity(), result.standardError(), decimals)
            : Cell.of(result.perplexity(), decimals);
    return result.estimate()
        ? new Cell("≈ " + cell.text(), cell.value(), cell.errorText(), cell.error())
        : cell;
  }

  /** Place among the runs that removed as much; nothing where a run stands alone. */
  private Cell rank(Run run, ProtocolGroup group) {
    List<ProtocolGroup.Member> rivals =
        group.members().stream()
            .filter(member -> Math.abs(share(member.run()) - share(run)) <= SAME_SHARE)
            .toList();
    double own = group.of(run).orElseThrow().perplexity();
    long better = rivals.stream().filter(rival -> rival.perplexity().perplexity() < own).count();
    return rivals.size() < 2
        ? Cell.NONE
        : new Cell("%d of %d".formatted(better + 1, rivals.size()), better + 1, "", Double.NaN);
  }

  private List<Run> ordered(List<Run> members, Optional<ProtocolGroup> group) {
    return members.stream()
        .sorted(
            Comparator.comparingLong((Run run) -> Math.round(share(run) / SAME_SHARE))
                .thenComparingDouble(
                    run ->
                        group
                            .flatMap(known -> known.of(run))
                            .map(PerplexityResult::perplexity)
                            .orElse(0.0)))
        .toList();
  }

  /** A column for every task and protocol, so that numbers of two protocols never meet. */
  private List<Part> tasks(List<Run> members, List<String> notes) {
    Map<String, List<TaskProtocol>> protocols = new LinkedHashMap<>();
    for (Run run : members) {
      for (TaskResult result : run.tasks()) {
        if (result.headline().isPresent()) {
          List<TaskProtocol> known =
              protocols.computeIfAbsent(result.protocol().task(), task -> new ArrayList<>());
          if (known.stream().noneMatch(other -> comparable(other, result.protocol()))) {
            known.add(result.protocol());
          }
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    protocols.forEach(
        (task, all) -> {
          for (TaskProtocol protocol : all) {
            String title = all.size() == 1 ? task : task + " " + (all.indexOf(protocol) + 1);
            parts.add(part(title, "% right", dense(protocol), run -> task(run, protocol)));
            notes.add(
                all.size() == 1 ? protocol.description() : title + ": " + protocol.description());
          }
        });
    return parts;
  }

  private static boolean comparable(TaskProtocol one, TaskProtocol other) {
    return one.on("").equals(other.on(""));
  }

  private static Cell task(Run run, TaskProtocol protocol) {
    return run.tasks().stream()
        .filter(result -> comparable(result.protocol(), protocol))
        .reduce((earlier, later) -> later)
        .flatMap(TaskResult::headline)
        .map(ComparisonTables::cell)
        .orElse(Cell.NONE);
  }

  private Cell dense(TaskProtocol protocol) {
    return runs.stream()
        .flatMap(run -> run.tasks().stream())
        .flatMap(task -> task.dense().stream())
        .filter(result -> comparable(result.protocol(), protocol))
        .findFirst()
        .flatMap(TaskResult::headline)
        .map(ComparisonTables::cell)
        .orElse(Cell.NONE);
  }

  private static Cell cell(Metric metric) {
    return Cell.of(100 * metric.value(), 100 * metric.standardError(), 1);
  }

  /** Two columns for every way in which speed was measured. */
  private static List<Part> speeds(List<Run> members, List<String> notes) {
    List<String> ways =
        members.stream()
            .flatMap(run -> run.speed().stream())
            .map(ComparisonTables::way)
            .distinct()
            .toList();
    return ways.stream()
        .flatMap(
            way -> {
              String suffix = ways.size() == 1 ? "" : " " + (ways.indexOf(way) + 1);
              notes.add("prefill%s, decode%s: %s".formatted(suffix, suffix, way));
              return Stream.of(
                  part(
                      "prefill" + suffix,
                      "times dense",
                      Cell.of(1, 2),
                      run -> speed(run, way, SpeedComparison::prefill)),
                  part(
                      "decode" + suffix,
                      "times dense",
                      Cell.of(1, 2),
                      run -> speed(run, way, SpeedComparison::decode)));
            })
        .toList();
  }

  private static String way(SpeedComparison speed) {
    return RunReport.words(speed.pruned());
  }

  private static Cell speed(
      Run run, String way, Function<SpeedComparison, SpeedComparison.Spread> value) {
    return run.speed()
        .filter(speed -> way(speed).equals(way))
        .map(value)
        .map(spread -> Cell.of(spread.median(), 2))
        .orElse(Cell.NONE);
  }
}
