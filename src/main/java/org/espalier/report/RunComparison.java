package org.espalier.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison.Spread;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.PerplexityChart;
import org.espalier.report.chart.PerplexityFormat;
import org.espalier.report.chart.PerplexityLine;
import org.espalier.report.chart.SpeedBar;
import org.espalier.report.chart.SpeedChart;
import org.espalier.report.chart.TradeOffChart;
import org.espalier.report.chart.TradeOffPoint;
import org.espalier.workspace.Run;

/**
 * Several runs side by side. Perplexities are compared under one protocol only: the one that most
 * of the runs were measured under; runs without it show none.
 *
 * @param densePerplexities of the dense model
 */
public record RunComparison(List<Run> runs, List<PerplexityResult> densePerplexities) {
  private static final int WIDTH = 860;

  public RunComparison {
    runs = List.copyOf(runs);
    densePerplexities = List.copyOf(densePerplexities);
  }

  /** The protocol that most runs share; of several, the one seen first. */
  public Optional<Protocol> protocol() {
    Map<Protocol, Integer> counts = new LinkedHashMap<>();
    for (Run run : runs) {
      run.perplexities().stream()
          .map(PerplexityResult::protocol)
          .distinct()
          .forEach(protocol -> counts.merge(representative(counts, protocol), 1, Integer::sum));
    }
    return counts.entrySet().stream()
        .reduce((first, second) -> second.getValue() > first.getValue() ? second : first)
        .map(Map.Entry::getKey);
  }

  private static Protocol representative(Map<Protocol, Integer> known, Protocol protocol) {
    return known.keySet().stream()
        .filter(other -> ComparableProtocols.are(other, protocol))
        .findFirst()
        .orElse(protocol);
  }

  private Optional<PerplexityResult> perplexity(List<PerplexityResult> results) {
    return protocol()
        .flatMap(
            protocol ->
                results.stream()
                    .filter(result -> ComparableProtocols.are(result.protocol(), protocol))
                    .reduce((earlier, later) -> later));
  }

  /** One row for each run. */
  public Table table() {
    List<List<String>> rows = new ArrayList<>();
    for (Run run : runs) {
      rows.add(
          List.of(
              run.name(),
              run.method(),
              ReadableNumbers.percent(run.ratios().by(RatioDefinition.PRUNABLE)),
              ReadableNumbers.percent(run.ratios().by(RatioDefinition.TOTAL)),
              String.format(Locale.ROOT, "%,d", run.parametersAfter()),
              ReadableNumbers.bytes(run.bytes()),
              perplexity(run.perplexities())
                  .map(result -> PerplexityFormat.format(result.perplexity()))
                  .orElse(""),
              perplexity(densePerplexities)
                  .map(result -> PerplexityFormat.format(result.perplexity()))
                  .orElse(""),
              run.speed().map(speed -> ratio(speed.prefill())).orElse(""),
              run.speed().map(speed -> ratio(speed.decode())).orElse("")));
    }
    return new Table(
        List.of(
            "run",
            "method",
            "removed of prunable",
            "removed of total",
            "parameters",
            "weights",
            "perplexity",
            "dense",
            "prefill",
            "decode"),
        rows);
  }

  private static String ratio(Spread spread) {
    return String.format(Locale.ROOT, "×%.2f", spread.median());
  }

  /** Running perplexities of all runs and the dense model, if any was measured. */
  public Optional<Figure> perplexity(ChartStyle style) {
    return protocol()
        .map(
            protocol -> {
              List<PerplexityLine> lines = new ArrayList<>();
              perplexity(densePerplexities)
                  .ifPresent(result -> lines.add(PerplexityLine.of("dense", true, result)));
              for (Run run : runs) {
                perplexity(run.perplexities())
                    .ifPresent(result -> lines.add(PerplexityLine.of(run.name(), false, result)));
              }
              PerplexityChart chart = new PerplexityChart(protocol.description(), style);
              chart.show(lines);
              return chart.figure(WIDTH, 360);
            });
  }

  /** Perplexity against the removed share of the prunable parameters, a line for each method. */
  public Optional<Figure> tradeOff(ChartStyle style) {
    List<TradeOffPoint> points = new ArrayList<>();
    for (Run run : runs) {
      perplexity(run.perplexities())
          .ifPresent(
              result ->
                  points.add(
                      new TradeOffPoint(
                          run.name(),
                          run.method(),
                          100 * run.ratios().prunable(),
                          result.perplexity())));
    }
    return points.isEmpty()
        ? Optional.empty()
        : protocol()
            .map(
                protocol ->
                    TradeOffChart.of(
                        "Perplexity against what is removed",
                        "removed percent of " + RatioDefinition.PRUNABLE.reference(),
                        points,
                        perplexity(densePerplexities)
                            .map(PerplexityResult::perplexity)
                            .orElse(Double.NaN),
                        protocol.description(),
                        style,
                        WIDTH,
                        360));
  }

  /** Speed of all runs that were measured; the dense model's is that of the first one. */
  public Optional<Figure> speed(ChartStyle style) {
    List<SpeedBar> bars = new ArrayList<>();
    for (Run run : runs) {
      run.speed()
          .ifPresent(
              comparison -> {
                if (bars.isEmpty()) {
                  bars.add(SpeedBar.dense(comparison));
                }
                bars.add(SpeedBar.pruned(run.name(), comparison));
              });
    }
    return bars.isEmpty()
        ? Optional.empty()
        : Optional.of(SpeedChart.of(bars, RunReport.words(bars.get(0).result()), style, WIDTH));
  }
}
