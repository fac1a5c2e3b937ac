package org.espalier.ui.heatmap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.Bounds;
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
record MethodJudgement(List<SubLayerColumn> columns, Map<SubLayer, Bounds> bounds) {
  static final MethodJudgement NONE = new MethodJudgement(List.of(), Map.of());

  static MethodJudgement of(Analysis analysis, Messages messages) {
    Map<SubLayer, Bounds> demanded = new HashMap<>();
    for (SubLayer subLayer : analysis.checkpoint().model().subLayers()) {
      Bounds bound = analysis.allocator().bounds(subLayer);
      if (bound.leastKept() > 0) {
        demanded.put(subLayer, bound);
      }
    }
    return new MethodJudgement(columns(analysis, messages), demanded);
  }

  private static List<SubLayerColumn> columns(Analysis analysis, Messages messages) {
    SubLayerScores judged = analysis.subLayers();
    if (judged.isEmpty()) {
      return List.of();
    }
    double highest =
        judged.scores().values().stream().mapToDouble(SubLayerScore::share).max().orElse(1);
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
                      ScoreFormat.format(score.score()), score.share() / highest));
              costs.put(
                  subLayer,
                  new SubLayerColumn.Cell(
                      Figures.percent(score.costShare()), score.costShare() / dearest));
            });
    return List.of(
        new SubLayerColumn(
            messages.text("column.score"),
            messages.text("column.scoreExplained", judged.statistic()),
            scored),
        new SubLayerColumn(
            messages.text("column.cost"), messages.text("column.costExplained"), costs));
  }
}
