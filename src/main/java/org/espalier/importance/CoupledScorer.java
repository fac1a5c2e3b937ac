package org.espalier.importance;

import java.util.List;
import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.CoupledSlices;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Scores a unit by all slices that go with it: their values are added up over the slices of a unit
 * and over the matrices, or averaged over the matrices (LLM-Pruner, Ma et al., NeurIPS 2023,
 * section 3.2, group importance). Under grouped queries all query heads of a group count for it.
 *
 * @param metric of one slice
 * @param mean over matrices instead of their sum, as the published code takes for norms
 * @param windows calibration windows for gradients, from the first; 0 for all
 */
public record CoupledScorer(SliceMetric metric, boolean mean, int windows) implements Scorer {
  @Override
  public Set<Collector> collectors() {
    return metric.collectors();
  }

  @Override
  public Set<SubLayerMeasurement> measurements() {
    return metric.measurements(windows);
  }

  @Override
  public String statistic() {
    return metric.statisticOf("all coupled weights");
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    return BlockScores.of(block, shape, subLayer -> scores(subLayer, shape, statistics));
  }

  private double[] scores(SubLayer subLayer, BlockShape shape, Statistics statistics) {
    SubLayerKind kind = subLayer.kind();
    double[] scores = new double[shape.units(kind)];
    double[] slices = metric.slices(statistics, subLayer);
    List<WeightSlot> matrices = CoupledSlices.matrices(kind);
    for (WeightSlot matrix : matrices) {
      double[] part = CoupledSlices.part(matrix, shape, slices);
      int width = part.length / scores.length;
      for (int i = 0; i < part.length; i++) {
        scores[i / width] += mean ? part[i] / matrices.size() : part[i];
      }
    }
    return scores;
  }
}
