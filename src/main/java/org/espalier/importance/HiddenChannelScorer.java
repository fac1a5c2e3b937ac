package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.HiddenSlices;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;

/**
 * Scores a channel of the residual stream by all slices that go with it, added up: rows of
 * embedding and head, elements of norms, and a row or column of every matrix of every block
 * (LLM-Pruner, Ma et al., NeurIPS 2023, section 3.1, the third kind of group).
 *
 * @param metric of one slice
 * @param windows calibration windows for gradients, from the first; 0 for all
 */
public record HiddenChannelScorer(SliceMetric metric, int windows) implements HiddenScorer {
  @Override
  public Set<SubLayerMeasurement> measurements() {
    return metric.hiddenMeasurements(windows);
  }

  @Override
  public String statistic() {
    return metric.statisticOf("all slices of a hidden channel");
  }

  @Override
  public double[] score(DecoderConfig config, Statistics statistics) {
    double[] scores = new double[config.hiddenSize()];
    SubLayer any = null;
    for (SubLayer subLayer : statistics.subLayers()) {
      any = subLayer;
      add(scores, statistics.vector(subLayer, HiddenSlices.ofSubLayer(metric.statistic())));
    }
    if (any == null) {
      throw new IllegalArgumentException("a model without sub-layers");
    }
    add(scores, statistics.vector(any, HiddenSlices.ofEnds(metric.statistic())));
    return scores;
  }

  private static void add(double[] scores, double[] slices) {
    for (int i = 0; i < slices.length; i++) {
      scores[i % scores.length] += Math.abs(slices[i]);
    }
  }
}
