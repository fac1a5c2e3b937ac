package org.espalier.ui.heatmap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Bounds;
import org.espalier.allocation.PrunableModel;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.SubLayerColumn;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.workbench.Analysis;

/**
 * What a method says once and for all: its view of whole sub-layers, and what it demands of them.
 */
record MethodJudgement(List<SubLayerColumn> measured, Map<SubLayer, Bounds> bounds) {
  /** Bars of scores that span more than so many times the lowest show their logarithm. */
  private static final double WIDE_SPAN = 100;

  /** So much of a bar is left for the lowest score on a logarithmic scale. */
  private static final double SHORTEST_BAR = 0.04;

  static final MethodJudgement NONE = new MethodJudgement(List.of(), Map.of());

  static MethodJudgement of(Analysis analysis, Messages messages) {
    Map<SubLayer, Bounds> demanded = new HashMap<>();
    for (SubLayer subLayer : analysis.checkpoint().model().subLayers()) {
      Bounds bound = analysis.allocator().bounds(subLayer);
      if (bound.leastKept() > 0) {
        demanded.put(subLayer, bound);
      }
    }
    return new MethodJudgement(measured(analysis, messages), demanded);
  }

  /**
   * What was measured, and what the method proposes from it.
   *
   * @param proposed what the method alone keeps for the present target; empty where there is none
   */
  List<SubLayerColumn> columns(
      PrunableModel model, Optional<Allocation> proposed, Messages messages) {
    List<SubLayerColumn> all = new ArrayList<>(measured);
    if (!measured.isEmpty()) {
      Map<SubLayer, SubLayerColumn.Cell> ratios = new HashMap<>();
      for (SubLayer subLayer : model.subLayers()) {
        if (proposed.isPresent() && model.units(subLayer) > 0) {
          double removed = 1 - (double) proposed.get().kept(subLayer) / model.units(subLayer);
          ratios.put(
              subLayer,
              new SubLayerColumn.Cell(messages.text("column.ratioCell", 100 * removed), removed));
        }
      }
      all.add(
          new SubLayerColumn(
              messages.text("column.ratio"), messages.text("column.ratioExplained"), ratios));
    }
    return all;
  }

  private static List<SubLayerColumn> measured(Analysis analysis, Messages messages) {
    SubLayerScores judged = analysis.subLayers();
    if (judged.isEmpty()) {
      return List.of();
    }
    double highest =
        judged.scores().values().stream().mapToDouble(SubLayerScore::share).max().orElse(1);
    double lowest =
        judged.scores().values().stream()
            .mapToDouble(SubLayerScore::share)
            .filter(share -> share > 0)
            .min()
            .orElse(highest);
    boolean wide = highest > WIDE_SPAN * lowest;
    double dearest =
        judged.scores().values().stream().mapToDouble(SubLayerScore::costShare).max().orElse(1);
    Map<SubLayer, SubLayerColumn.Cell> scored = new HashMap<>();
    Map<SubLayer, SubLayerColumn.Cell> costs = new HashMap<>();
    judged
        .scores()
        .forEach(
            (subLayer, score) -> {
              scored.put(
                  subLayer,
                  new SubLayerColumn.Cell(
                      ScoreFormat.even(score.score()),
                      wide
                          ? logarithmic(score.share(), lowest, highest)
                          : score.share() / highest));
              costs.put(
                  subLayer,
                  new SubLayerColumn.Cell(
                      Figures.percent(score.costShare()), score.costShare() / dearest));
            });
    return List.of(
        new SubLayerColumn(
            judged.symbol(),
            messages.text(
                wide ? "column.scoreExplainedWide" : "column.scoreExplained", judged.statistic()),
            scored),
        new SubLayerColumn(
            messages.text("column.cost"), messages.text("column.costExplained"), costs));
  }

  private static double logarithmic(double share, double lowest, double highest) {
    return share <= 0
        ? 0
        : SHORTEST_BAR + (1 - SHORTEST_BAR) * Math.log(share / lowest) / Math.log(highest / lowest);
  }
}
