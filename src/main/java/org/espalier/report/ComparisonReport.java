package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PeakMemory;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.report.chart.ChartFigure;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.PerplexityFormat;
import org.espalier.report.chart.TradeOffChart;
import org.espalier.report.chart.TradeOffPoint;
import org.espalier.workspace.Run;

/**
 * Several methods on one model under one protocol, as a page.
 *
 * @param explanation what is compared and how, in a sentence or two
 * @param calibration in words; empty if no method read a text
 * @param dense perplexity of the dense model; its protocol is that of all
 * @param baseline method that every other should beat, if there is one among them
 * @param failures what could not be pruned and why, a sentence each
 */
public record ComparisonReport(
    String title,
    String modelName,
    String explanation,
    String calibration,
    PerplexityResult dense,
    Optional<String> baseline,
    List<Entry> entries,
    List<String> failures) {
  private static final int WIDTH = 1000;
  private static final String REUSED = "reused";
  private static final String ANALYSIS =
      "Time to measure all that the method needs, as if nothing were known; '"
          + REUSED
          + "' where an earlier model of the same method had just measured it.";

  public ComparisonReport {
    entries = List.copyOf(entries);
    failures = List.copyOf(failures);
  }

  /**
   * One model of the comparison.
   *
   * @param label the method and what is special about its parameters
   * @param effort time and memory that it took
   * @param remark on a ratio that was not met exactly
   */
  public record Entry(
      String label,
      Run run,
      PerplexityResult perplexity,
      MethodEffort effort,
      Optional<String> remark) {}

  private Optional<AgainstBaseline> againstBaseline() {
    return baseline.map(method -> new AgainstBaseline(method, entries));
  }

  /** Which methods do not beat the baseline, in sentences; empty without one. */
  public List<String> conclusions() {
    return againstBaseline().map(AgainstBaseline::sentences).orElse(List.of());
  }

  /** One row for each pruned model. */
  public Table table() {
    boolean speed = entries.stream().anyMatch(entry -> entry.run().speed().isPresent());
    List<String> columns = new ArrayList<>(List.of("method", "target", "perplexity", "to dense"));
    baseline.ifPresent(method -> columns.add("to " + method));
    for (RatioDefinition definition : RatioDefinition.values()) {
      columns.add("removed of " + definition.label());
    }
    columns.addAll(List.of("parameters", "analysis", "pruning", "peak memory", "above the start"));
    if (speed) {
      columns.addAll(List.of("prefill", "decode"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Entry entry : entries) {
      Run run = entry.run();
      List<String> row =
          new ArrayList<>(
              List.of(
                  entry.label(),
                  ReadableNumbers.percent(run.target().ratio()),
                  PerplexityFormat.format(entry.perplexity().perplexity()),
                  times(entry.perplexity().perplexity() / dense.perplexity())));
      againstBaseline()
          .ifPresent(
              against -> row.add(times(entry.perplexity().perplexity() / against.at(entry))));
      for (RatioDefinition definition : RatioDefinition.values()) {
        row.add(String.format(Locale.ROOT, "%.2f %%", 100 * run.ratios().by(definition)));
      }
      row.addAll(
          List.of(
              String.format(Locale.ROOT, "%,d", run.parametersAfter()),
              entry.effort().statisticsReused()
                  ? REUSED
                  : ReadableNumbers.duration(entry.effort().analysisSeconds()),
              ReadableNumbers.duration(run.seconds()),
              ReadableNumbers.bytes(entry.effort().peakMemoryBytes()),
              ReadableNumbers.bytes(entry.effort().memoryAboveStart())));
      if (speed) {
        row.add(run.speed().map(SpeedComparison::prefill).map(s -> times(s.median())).orElse(""));
        row.add(run.speed().map(SpeedComparison::decode).map(s -> times(s.median())).orElse(""));
      }
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  private static String times(double ratio) {
    return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "×%.3f", ratio);
  }

  /** Perplexity against what is removed, a line for each method. */
  public Optional<ChartFigure> tradeOff(ChartStyle style) {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(
            chart(
                "Perplexity against what is removed",
                "removed percent of " + RatioDefinition.PRUNABLE.reference(),
                entries.stream().flatMap(entry -> pointByShare(entry).stream()).toList(),
                style));
  }

  /** Seeds of the baseline share one point at their means, which the first of them stands for. */
  private Optional<TradeOffPoint> pointByShare(Entry entry) {
    List<Entry> seeds =
        againstBaseline().map(against -> against.seeds(entry)).orElse(List.of(entry));
    if (seeds.size() < 2) {
      return Optional.of(point(entry, 100 * entry.run().ratios().prunable()));
    }
    if (!seeds.get(0).equals(entry)) {
      return Optional.empty();
    }
    return Optional.of(
        new TradeOffPoint(
            entry.run().name(),
            "%s, %d seeds".formatted(entry.run().method(), seeds.size()),
            seeds.stream()
                .mapToDouble(seed -> 100 * seed.run().ratios().prunable())
                .average()
                .orElseThrow(),
            againstBaseline().orElseThrow().at(entry)));
  }

  /** Perplexity against decode speed, where that was measured. */
  public Optional<ChartFigure> speedTradeOff(ChartStyle style) {
    List<TradeOffPoint> points = new ArrayList<>();
    for (Entry entry : entries) {
      entry.run().speed().ifPresent(speed -> points.add(point(entry, speed.decode().median())));
    }
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(
            chart(
                "Perplexity against decode speed",
                "decode speed as a multiple of the dense model's",
                points,
                style));
  }

  private static TradeOffPoint point(Entry entry, double x) {
    return new TradeOffPoint(entry.run().name(), entry.label(), x, entry.perplexity().perplexity());
  }

  private ChartFigure chart(
      String name, String axis, List<TradeOffPoint> points, ChartStyle style) {
    return TradeOffChart.of(
        name, axis, points, dense.perplexity(), dense.protocol().description(), style, WIDTH, 420);
  }

  /** The whole page. */
  String html() {
    HtmlPage page =
        new HtmlPage(
            title,
            modelName + " · dense perplexity " + PerplexityFormat.format(dense.perplexity()));
    page.section(
        "What is compared",
        () -> {
          page.paragraph(explanation);
          page.pairs(
              List.of(
                  List.of("Perplexity on", dense.protocol().description()),
                  List.of("Calibration", calibration.isEmpty() ? "none" : calibration),
                  List.of("Analysis", ANALYSIS),
                  List.of(
                      "Peak memory",
                      "The "
                          + PeakMemory.meaning()
                          + ", taken anew for each model over its analysis and its pruning; above"
                          + " the start is what they added to the memory that the process held.")));
        });
    page.section(
        "Result",
        () -> {
          conclusions().forEach(page::paragraph);
          page.table(table().columns(), table().rows());
          tradeOff(ChartStyle.LIGHT).ifPresent(page::picture);
          speedTradeOff(ChartStyle.LIGHT).ifPresent(page::picture);
        });
    List<String> remarks =
        entries.stream()
            .flatMap(entry -> entry.remark().map(words -> entry.label() + ": " + words).stream())
            .toList();
    if (!remarks.isEmpty()) {
      page.section("Remarks", () -> remarks.forEach(page::paragraph));
    }
    if (!failures.isEmpty()) {
      page.section("Left out", () -> failures.forEach(page::paragraph));
    }
    return page.text();
  }
}
