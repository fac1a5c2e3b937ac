package org.espalier.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.allocation.RatioDefinition;
import org.espalier.report.RunComparison.Entry;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.report.comparison.Reproduction;
import org.espalier.workspace.Run;
import org.espalier.workspace.Workspace;

/** A comparison of runs as a single HTML page with its pictures inside. */
final class RunComparisonPage {
  private static final ChartStyle STYLE = ChartStyle.LIGHT;

  private final RunComparison comparison;
  private final HtmlPage page;

  private RunComparisonPage(RunComparison comparison, Instant now) {
    this.comparison = comparison;
    page =
        new HtmlPage(
            "Comparison of " + comparison.entries().size() + " runs",
            models() + " · written " + time(now));
  }

  static String of(RunComparison comparison, Instant now) {
    return new RunComparisonPage(comparison, now).page();
  }

  private String models() {
    return comparison.entries().stream()
        .map(Entry::modelName)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String time(Instant instant) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT)
        .withZone(ZoneOffset.UTC)
        .format(instant);
  }

  private String page() {
    List<ProtocolGroup> groups = comparison.tables().groups();
    List<MeasuredTable> tables = comparison.tables().all();
    if (groups.size() > 1) {
      page.paragraph(
          "Numbers of different protocols stand in tables of their own and are never ranked"
              + " together.");
    }
    for (int i = 0; i < tables.size(); i++) {
      MeasuredTable table = tables.get(i);
      if (i < groups.size()) {
        ProtocolGroup group = groups.get(i);
        page.section("Perplexity on " + group.protocol().text(), () -> quality(table, group));
      } else {
        page.section("Runs without a perplexity", () -> table(table));
      }
    }
    comparison.tasks(STYLE).ifPresent(figure -> page.section("Tasks", () -> tasks(figure)));
    List<Figure> speeds = comparison.speeds(STYLE);
    if (!speeds.isEmpty()) {
      page.section("Speed and memory", () -> speed(speeds));
    }
    page.section("Plans", this::plans);
    page.section("How to make it again", this::reproduction);
    return page.text();
  }

  private void quality(MeasuredTable table, ProtocolGroup group) {
    table(table);
    group.members().stream()
        .flatMap(
            member ->
                member.perplexity().warnings().stream()
                    .map(warning -> "Warning, " + member.run().name() + ": " + warning))
        .forEach(page::paragraph);
    page.picture(comparison.perplexity(group, STYLE));
    if (group.members().size() > 1) {
      page.picture(comparison.tradeOff(group, STYLE));
      page.picture(comparison.pareto(group, STYLE));
    }
  }

  private void table(MeasuredTable table) {
    page.paragraph(table.caption() + ".");
    page.table(table.toTable().columns(), table.toTable().rows());
    table.notes().forEach(page::note);
  }

  private void tasks(Figure figure) {
    page.picture(figure);
    List<List<String>> rows = new ArrayList<>();
    for (Entry entry : comparison.entries()) {
      for (ComparedRun.AgainstDense task : entry.compared().tasks()) {
        rows.add(
            List.of(
                entry.run().name(),
                task.pruned().protocol().description(),
                task.difference()
                    .map(difference -> difference.description())
                    .orElse("the dense model was not measured in this way")));
      }
    }
    page.words(List.of("run", "protocol", "against the dense model"), rows);
  }

  private void speed(List<Figure> figures) {
    figures.forEach(page::picture);
    for (Entry entry : comparison.entries()) {
      entry
          .run()
          .speed()
          .ifPresent(
              speed ->
                  speed.notes().forEach(note -> page.note(entry.run().name() + ": " + note + ".")));
    }
  }

  private void plans() {
    comparison.allocations(STYLE).forEach(page::picture);
    for (Entry entry : comparison.entries()) {
      Run run = entry.run();
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("Method", run.method() + " " + new TreeMap<>(run.parameters())));
      rows.add(
          List.of(
              "Target",
              ReadableNumbers.percent(run.target().ratio())
                  + " of "
                  + run.target().of().reference()));
      rows.add(
          List.of(
              "Removed",
              Stream.of(RatioDefinition.values())
                  .map(of -> ReadableNumbers.percent(run.ratios().by(of)) + " of " + of.reference())
                  .collect(Collectors.joining(", "))));
      rows.add(
          List.of("Calibration", entry.calibration().isEmpty() ? "none" : entry.calibration()));
      rows.add(List.of("Head groups kept, by block", joined(run.allocation().keptHeadGroups())));
      rows.add(List.of("Channels kept, by block", joined(run.allocation().keptChannels())));
      run.recoveredFrom()
          .ifPresent(from -> rows.add(List.of("Trained", from.text() + ", " + from.ending())));
      rows.add(List.of("Dense checkpoint", run.checkpoint() + ", hash " + run.checkpointHash()));
      rows.add(List.of("Run", run.folder() + ", made " + time(run.created())));
      page.heading(run.name());
      page.pairs(rows);
    }
  }

  private static String joined(List<Integer> kept) {
    return kept.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private void reproduction() {
    page.paragraph(
        "Texts stand where they lay when they were read. Results differ by rounding of the device"
            + " at most.");
    List<String> lines = new ArrayList<>();
    for (Entry entry : comparison.entries()) {
      lines.addAll(
          new Reproduction(
                  entry.run(),
                  entry.checkpoint(),
                  entry.model(),
                  entry.calibration(),
                  entry.calibrationText(),
                  Workspace.orders(entry.run().folder()))
              .lines());
      lines.add("");
    }
    lines.add(
        "espalier compare "
            + comparison.entries().stream()
                .map(entry -> Reproduction.quoted(entry.run().name()))
                .collect(Collectors.joining(" "))
            + " --ratio-by "
            + comparison.aligned().label()
            + " --report report.html");
    page.code(lines);
  }
}
