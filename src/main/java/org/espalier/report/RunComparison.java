package org.espalier.report;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.ParetoChart;
import org.espalier.report.chart.ParetoPoint;
import org.espalier.report.chart.PerplexityChart;
import org.espalier.report.chart.PerplexityLine;
import org.espalier.report.chart.SpeedBar;
import org.espalier.report.chart.SpeedChart;
import org.espalier.report.chart.TaskBar;
import org.espalier.report.chart.TaskChart;
import org.espalier.report.chart.TradeOffChart;
import org.espalier.report.chart.TradeOffPoint;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.report.comparison.ComparisonTables;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.report.heatmap.SilhouettesFigure;
import org.espalier.report.heatmap.SilhouettesFigure.Silhouette;
import org.espalier.workspace.Run;

/**
 * Several runs side by side: a table and pictures for every protocol, since only numbers of one
 * protocol may be compared.
 *
 * @param aligned the ratio by which runs are ordered and drawn
 */
public record RunComparison(List<Entry> entries, RatioDefinition aligned) {
  private static final int WIDTH = 1000;
  private static final int OPAQUE = 0xff000000;

  /**
   * One run.
   *
   * @param modelName of its dense model, for people
   * @param checkpoint how the command line names its dense model
   * @param model sizes of the dense model, if it is at hand
   * @param calibration the calibration's protocol in words; empty for methods without
   * @param calibrationText where its text lies, if that is known
   */
  public record Entry(
      ComparedRun compared,
      String modelName,
      String checkpoint,
      Optional<PrunableModel> model,
      String calibration,
      Optional<Path> calibrationText) {
    public Run run() {
      return compared.run();
    }
  }

  public RunComparison {
    entries = List.copyOf(entries);
  }

  /** Tables, and the protocols that they belong to. */
  public ComparisonTables tables() {
    return new ComparisonTables(entries.stream().map(Entry::compared).toList(), aligned);
  }

  private MethodColours colours(ChartStyle style) {
    return new MethodColours(entries.stream().map(Entry::run).toList(), style);
  }

  private Color colour(Run run, ChartStyle style) {
    MethodColours colours = colours(style);
    return colours.line(colours.line(run));
  }

  /** Running perplexities of a group's runs and of the dense model, if that was measured. */
  public Figure perplexity(ProtocolGroup group, ChartStyle style) {
    List<PerplexityLine> lines = new ArrayList<>();
    group.dense().ifPresent(result -> lines.add(PerplexityLine.of("dense", true, result)));
    for (ProtocolGroup.Member member : group.members()) {
      lines.add(PerplexityLine.of(member.run().name(), false, member.perplexity()));
    }
    PerplexityChart chart = new PerplexityChart(group.protocol().description(), style);
    chart.show(lines);
    return chart.figure(WIDTH, 380);
  }

  /** Perplexity with its band against what is removed, a line for each method. */
  public Figure tradeOff(ProtocolGroup group, ChartStyle style) {
    MethodColours colours = colours(style);
    List<TradeOffPoint> points =
        group.members().stream()
            .map(
                member ->
                    new TradeOffPoint(
                        member.run().name(),
                        colours.line(member.run()),
                        100 * member.run().ratios().by(aligned),
                        member.perplexity().perplexity(),
                        Optional.of(member.perplexity().band())))
            .toList();
    return TradeOffChart.of(
        "Perplexity against what is removed",
        "removed percent of " + aligned.reference(),
        points,
        group.dense().map(PerplexityResult::perplexity).orElse(Double.NaN),
        group.protocol().description(),
        colours.style(
            points.stream()
                .map(TradeOffPoint::series)
                .collect(Collectors.toCollection(LinkedHashSet::new))),
        WIDTH,
        400);
  }

  /** Quality against speed and size, or against size alone where no speed was measured. */
  public Figure pareto(ProtocolGroup group, ChartStyle style) {
    List<ParetoPoint> points = new ArrayList<>();
    for (ProtocolGroup.Member member : group.members()) {
      points.add(
          new ParetoPoint(
              member.run().name(),
              member.run().speed().map(speed -> speed.decode().median()).orElse(Double.NaN),
              member.perplexity().perplexity(),
              member.run().bytes(),
              colour(member.run(), style)));
    }
    boolean speed = points.stream().filter(point -> Double.isFinite(point.speed())).count() > 1;
    return ParetoChart.of(
        speed ? "Speed, quality and size" : "Quality and size",
        "filled: no other run is better in everything · " + group.protocol().description(),
        points,
        speed ? ParetoChart.Across.SPEED : ParetoChart.Across.SIZE,
        style,
        WIDTH,
        400);
  }

  /** Answers to tasks, if any was put to a run; one chart for each way of asking all of them. */
  public Optional<Figure> tasks(ChartStyle style) {
    List<TaskBar> bars = new ArrayList<>();
    for (Entry entry : entries) {
      for (ComparedRun.AgainstDense task : entry.compared().tasks()) {
        task.pruned()
            .headline()
            .ifPresent(
                metric ->
                    bars.add(
                        new TaskBar(
                            task.pruned().protocol().task()
                                + ", "
                                + task.pruned().protocol().items()
                                + " items",
                            entry.run().name(),
                            colours(style).run(entry.run()),
                            metric,
                            task.dense().flatMap(dense -> dense.headline()),
                            task.difference())));
      }
    }
    return bars.isEmpty()
        ? Optional.empty()
        : Optional.of(
            TaskChart.of(
                "Tasks",
                "bars with standard errors; a triangle at the foot: really different from the dense"
                    + " model",
                "dense",
                bars,
                style,
                WIDTH,
                400));
  }

  /** Speed of the runs, a chart for every way of measuring; bars of two ways never meet. */
  public List<Figure> speeds(ChartStyle style) {
    Map<String, List<SpeedBar>> ways = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Optional<SpeedComparison> speed = entry.run().speed();
      if (speed.isPresent()) {
        List<SpeedBar> bars =
            ways.computeIfAbsent(
                RunReport.words(speed.get().pruned()) + entry.run().checkpointHash(),
                way -> new ArrayList<>(List.of(SpeedBar.dense(speed.get()))));
        bars.add(SpeedBar.pruned(entry.run().name(), speed.get()));
      }
    }
    return ways.values().stream()
        .<Figure>map(
            bars -> SpeedChart.of(bars, RunReport.words(bars.get(0).result()), style, WIDTH))
        .toList();
  }

  /** What every run keeps, a picture for every dense model whose sizes are known. */
  public List<Figure> allocations(ChartStyle style) {
    Set<PrunableModel> models =
        entries.stream()
            .flatMap(entry -> entry.model().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<Figure> figures = new ArrayList<>();
    for (PrunableModel model : models) {
      List<Entry> of =
          entries.stream().filter(entry -> entry.model().equals(Optional.of(model))).toList();
      int rows = (of.size() + 3) / 4;
      figures.add(
          new SilhouettesFigure(
              "What is kept of " + of.get(0).modelName(),
              "a row is a block; left attention, right feed-forward; areas are parameters",
              model,
              of.stream()
                  .map(
                      entry ->
                          new Silhouette(
                              entry.run().name(),
                              ReadableNumbers.percent(entry.run().ratios().by(aligned))
                                  + " of "
                                  + aligned.label()
                                  + " removed"
                                  + narrowed(entry.run(), model),
                              entry.run().allocation(),
                              OPAQUE | colour(entry.run(), style).getRGB()))
                  .toList(),
              EspalierPalette.LIGHT,
              WIDTH,
              70
                  + rows
                      * (70
                          + Math.min(18, 4 + 160 / model.blocks().size())
                              * model.blocks().size())));
    }
    return figures;
  }

  private static String narrowed(Run run, PrunableModel model) {
    return run.allocation().keptHidden().isEmpty()
        ? ""
        : ", hidden size "
            + run.allocation().keptHidden().getAsInt()
            + " of "
            + model.hidden().count();
  }
}
