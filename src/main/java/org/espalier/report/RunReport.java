package org.espalier.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.allocation.PrunableModel;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedResult;
import org.espalier.importance.ImportanceMap;
import org.espalier.pruning.MethodDescription;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.PerplexityChart;
import org.espalier.report.chart.PerplexityLine;
import org.espalier.report.chart.SpeedBar;
import org.espalier.report.chart.SpeedChart;
import org.espalier.report.heatmap.EspalierFigure;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.workspace.Run;

/**
 * Everything that a report about one run says.
 *
 * @param modelName of the dense model, for people
 * @param model its sizes
 * @param importance the scores behind the run, if they are at hand
 * @param calibration the calibration's protocol in words; empty for methods without
 * @param densePerplexities of the dense model; those of the run's protocols are shown beside it
 * @param export where the pruned checkpoint was exported to, if it was
 */
public record RunReport(
    Run run,
    String modelName,
    PrunableModel model,
    MethodDescription method,
    Optional<ImportanceMap> importance,
    String calibration,
    List<PerplexityResult> densePerplexities,
    Optional<Path> export) {
  private static final int CHART_WIDTH = 1040;

  public RunReport {
    densePerplexities = List.copyOf(densePerplexities);
  }

  /** "FLAP, 30 % of the prunable parameters". */
  public String title() {
    return method.title()
        + ", "
        + ReadableNumbers.percent(run.target().ratio())
        + " of "
        + run.target().of().reference();
  }

  /** The dense model's perplexity under the very same protocol, if it was measured. */
  Optional<PerplexityResult> dense(PerplexityResult pruned) {
    return densePerplexities.stream()
        .filter(dense -> ComparableProtocols.are(dense.protocol(), pruned.protocol()))
        .reduce((earlier, later) -> later);
  }

  /** The espalier of the run. */
  public Figure espalier(boolean dark) {
    EspalierPicture picture =
        new EspalierPicture(
            model,
            importance.map(RankedScores::new),
            run.allocation(),
            run.locks(),
            UnitOrder.BY_SCORE,
            Normalisation.PER_KIND);
    return new EspalierFigure(
        picture,
        modelName + " · " + title(),
        narrowed() + (calibration.isEmpty() ? "no calibration" : calibration),
        dark ? EspalierPalette.DARK : EspalierPalette.LIGHT);
  }

  /** What the rows do not show: a run that lost hidden channels has lost them in all of them. */
  private String narrowed() {
    return run.allocation().keptHidden().isEmpty()
        ? ""
        : "hidden size "
            + model.hidden().count()
            + " → "
            + run.allocation().keptHidden().getAsInt()
            + " in every row · ";
  }

  /** The newest perplexity of the run over its windows beside the dense model's, if measured. */
  public Optional<Figure> perplexity(boolean dark) {
    if (run.perplexities().isEmpty()) {
      return Optional.empty();
    }
    PerplexityResult newest = run.perplexities().get(run.perplexities().size() - 1);
    List<PerplexityLine> lines = new ArrayList<>();
    dense(newest).ifPresent(result -> lines.add(PerplexityLine.of("dense", true, result)));
    lines.add(PerplexityLine.of(run.name(), false, newest));
    PerplexityChart chart = new PerplexityChart(newest.protocol().description(), style(dark));
    chart.show(lines);
    return Optional.of(chart.figure(CHART_WIDTH, 340));
  }

  /** Speed of the dense model and of the run, if measured. */
  public Optional<Figure> speed(boolean dark) {
    return run.speed()
        .map(
            comparison ->
                SpeedChart.of(
                    List.of(SpeedBar.dense(comparison), SpeedBar.pruned(run.name(), comparison)),
                    words(comparison.pruned()),
                    style(dark),
                    CHART_WIDTH));
  }

  private static ChartStyle style(boolean dark) {
    return dark ? ChartStyle.DARK : ChartStyle.LIGHT;
  }

  /** How speed was measured, as one line. */
  public static String words(SpeedResult speed) {
    return String.format(
        Locale.ROOT,
        "batch %d, %,d tokens read, %,d written, median of %d rounds in turns, %s",
        speed.batch(),
        speed.promptTokens(),
        speed.newTokens(),
        speed.rounds(),
        speed.device());
  }
}
