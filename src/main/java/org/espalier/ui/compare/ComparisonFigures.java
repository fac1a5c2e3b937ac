package org.espalier.ui.compare;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.tasks.TaskCatalogue;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.importance.ScoreAgreement;
import org.espalier.report.Figure;
import org.espalier.report.MethodColours;
import org.espalier.report.chart.ParetoChart;
import org.espalier.report.chart.ParetoPoint;
import org.espalier.report.chart.TaskBar;
import org.espalier.report.chart.TaskChart;
import org.espalier.report.chart.TradeOffChart;
import org.espalier.report.chart.TradeOffPoint;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.report.comparison.ComparedRun.AgainstDense;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.report.heatmap.AgreementFigure;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.report.heatmap.SilhouettesFigure;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.workspace.Run;

/** Pictures of a comparison, with titles and notes from the message bundle. */
final class ComparisonFigures {
  private final Messages messages;
  private final MethodColours colours;
  private final EspalierPalette palette;
  private final RatioDefinition ratio;

  ComparisonFigures(
      Messages messages, MethodColours colours, EspalierPalette palette, RatioDefinition ratio) {
    this.messages = messages;
    this.colours = colours;
    this.palette = palette;
    this.ratio = ratio;
  }

  /** Perplexity against the removed share: one line for each method, the dense model across. */
  Optional<Figure> quality(ProtocolGroup group, int width, int height) {
    List<TradeOffPoint> points = new ArrayList<>();
    Set<String> lines = new LinkedHashSet<>();
    for (ProtocolGroup.Member member : group.members()) {
      String line = colours.line(member.run());
      lines.add(line);
      points.add(
          new TradeOffPoint(
              member.run().name(),
              line,
              100 * member.run().ratios().by(ratio),
              member.perplexity().perplexity(),
              Optional.of(member.perplexity().band())));
    }
    return Optional.of(
        TradeOffChart.of(
            messages.text("comparison.title.QUALITY"),
            messages.text("comparison.removedPercent", messages.text("ratio.of." + ratio)),
            points,
            group.dense().map(PerplexityResult::perplexity).orElse(Double.NaN),
            group.protocol().description(),
            colours.style(lines),
            width,
            height));
  }

  /** Speed, quality and size; empty where nothing has what stands across. */
  Optional<Figure> tradeOff(ProtocolGroup group, ParetoChart.Across across, int width, int height) {
    List<ParetoPoint> points = points(group);
    boolean any =
        across == ParetoChart.Across.SIZE
            || points.stream().anyMatch(point -> Double.isFinite(point.speed()));
    if (!any) {
      return Optional.empty();
    }
    String note = group.protocol().description();
    if (across == ParetoChart.Across.SPEED) {
      note += " · " + speedProtocol(group).map(this::words).orElse("");
    }
    return Optional.of(
        ParetoChart.of(
            messages.text("comparison.title.TRADE_OFF." + across),
            note,
            points,
            across,
            colours.style(),
            width,
            height));
  }

  /** The dense model, if it was measured, and every run of the group. */
  List<ParetoPoint> points(ProtocolGroup group) {
    List<ParetoPoint> points = new ArrayList<>();
    Optional<SpeedResult> protocol = speedProtocol(group);
    group
        .dense()
        .ifPresent(
            dense ->
                points.add(
                    new ParetoPoint(
                        messages.text("runs.dense"),
                        protocol.isPresent() ? 1 : Double.NaN,
                        dense.perplexity(),
                        denseBytes(group),
                        colours.style().dense())));
    for (ProtocolGroup.Member member : group.members()) {
      Run run = member.run();
      points.add(
          new ParetoPoint(
              run.name(),
              run.speed()
                  .filter(speed -> protocol.filter(p -> alike(p, speed.dense())).isPresent())
                  .map(speed -> speed.decode().median())
                  .orElse(Double.NaN),
              member.perplexity().perplexity(),
              run.bytes(),
              colours.line(colours.line(run))));
    }
    return points;
  }

  /** Weights grow with the parameters: the dense model's follow from those of a run. */
  private static long denseBytes(ProtocolGroup group) {
    Run run = group.members().get(0).run();
    return Math.round((double) run.bytes() / run.parametersAfter() * run.parametersBefore());
  }

  /** How the first run that has a speed was measured; speeds measured otherwise are left out. */
  static Optional<SpeedResult> speedProtocol(ProtocolGroup group) {
    return group.members().stream()
        .flatMap(member -> member.run().speed().stream())
        .map(SpeedComparison::dense)
        .findFirst();
  }

  static boolean alike(SpeedResult one, SpeedResult other) {
    return one.promptTokens() == other.promptTokens()
        && one.newTokens() == other.newTokens()
        && one.batch() == other.batch()
        && one.device().equals(other.device());
  }

  private String words(SpeedResult speed) {
    return messages.text(
        "comparison.speedProtocol",
        speed.batch(),
        speed.promptTokens(),
        speed.newTokens(),
        speed.device());
  }

  /** Tasks that the runs share a protocol of; empty if no task was measured. */
  Optional<Figure> tasks(List<ComparedRun> runs, int width, int height) {
    List<TaskBar> bars = bars(runs);
    if (bars.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        TaskChart.of(
            messages.text("comparison.title.TASKS"),
            taskProtocols(runs),
            messages.text("runs.dense"),
            bars,
            colours.style(),
            width,
            height));
  }

  /** Of every task the protocol that most runs have; of several, the one seen first. */
  static Map<String, TaskProtocol> protocols(List<ComparedRun> runs) {
    Map<String, Map<TaskProtocol, Integer>> counts = new LinkedHashMap<>();
    for (ComparedRun compared : runs) {
      for (AgainstDense task : compared.tasks()) {
        counts
            .computeIfAbsent(task.pruned().protocol().task(), name -> new LinkedHashMap<>())
            .merge(task.pruned().protocol(), 1, Integer::sum);
      }
    }
    Map<String, TaskProtocol> chosen = new LinkedHashMap<>();
    counts.forEach(
        (task, protocols) ->
            chosen.put(
                task,
                protocols.entrySet().stream()
                    .reduce((first, next) -> next.getValue() > first.getValue() ? next : first)
                    .orElseThrow()
                    .getKey()));
    return chosen;
  }

  private String taskProtocols(List<ComparedRun> runs) {
    Set<String> words = new LinkedHashSet<>();
    for (TaskProtocol protocol : protocols(runs).values()) {
      words.add(
          messages.text("tasks.protocol", protocol.items(), protocol.profile(), protocol.shots()));
    }
    return String.join(" / ", words) + " · " + messages.text("comparison.taskNote");
  }

  private List<TaskBar> bars(List<ComparedRun> runs) {
    List<TaskBar> bars = new ArrayList<>();
    // Shades tell runs of a method apart; one of each needs none.
    long lines = runs.stream().map(compared -> colours.line(compared.run())).distinct().count();
    Function<Run, Color> colour =
        lines == runs.size() ? run -> colours.line(colours.line(run)) : colours::run;
    protocols(runs)
        .forEach(
            (name, protocol) -> {
              for (ComparedRun compared : byMethod(runs)) {
                result(compared, protocol)
                    .flatMap(task -> bar(name, compared.run(), colour.apply(compared.run()), task))
                    .ifPresent(bars::add);
              }
            });
    return bars;
  }

  /** Bars of a method beside each other. */
  private List<ComparedRun> byMethod(List<ComparedRun> runs) {
    return runs.stream()
        .sorted(Comparator.comparingInt(compared -> colours.place(compared.run())))
        .toList();
  }

  /** What a run has under a task's protocol. */
  static Optional<AgainstDense> result(ComparedRun compared, TaskProtocol protocol) {
    return compared.tasks().stream()
        .filter(task -> task.pruned().protocol().equals(protocol))
        .reduce((earlier, later) -> later);
  }

  private Optional<TaskBar> bar(String task, Run run, Color colour, AgainstDense result) {
    return result
        .pruned()
        .headline()
        .map(
            metric ->
                new TaskBar(
                    title(task) + " (" + metric.name() + ")",
                    run.name(),
                    colour,
                    metric,
                    result.dense().flatMap(dense -> dense.metric(metric.name())),
                    result.difference()));
  }

  /** Title of a task, for people. */
  static String title(String task) {
    return TaskCatalogue.standard().tasks().stream()
        .filter(known -> known.name().equals(task))
        .map(known -> known.title())
        .findFirst()
        .orElse(task);
  }

  /** One small tree for each run. */
  Optional<Figure> allocations(PrunableModel model, List<Run> runs, int width, int height) {
    return runs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SilhouettesFigure(
                messages.text("comparison.title.ALLOCATIONS"),
                messages.text("comparison.allocationNote", messages.text("ratio.of." + ratio)),
                model,
                runs.stream()
                    .map(
                        run ->
                            new SilhouettesFigure.Silhouette(
                                run.name(),
                                detail(model, run),
                                run.allocation(),
                                colours.line(colours.line(run)).getRGB()))
                    .toList(),
                palette,
                width,
                height));
  }

  private String detail(PrunableModel model, Run run) {
    String removed = Figures.percent(run.ratios().by(ratio));
    return run.allocation().keptHidden().isPresent()
        ? messages.text(
            "comparison.removedNarrowed",
            removed,
            run.allocation().keptHidden().getAsInt(),
            model.hidden().count())
        : messages.text("comparison.removed", removed);
  }

  Optional<Figure> agreement(ScoreAgreement agreement, String protocol, int width, int height) {
    return agreement.pairs().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AgreementFigure(
                messages.text("comparison.title.AGREEMENT"),
                messages.text("comparison.agreementNote", protocol),
                agreement,
                palette,
                width,
                height));
  }
}
