package org.espalier.importance;

import java.util.Random;
import java.util.Set;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;

/**
 * Chance, as the line that every other scorer of hidden channels has to beat.
 *
 * @param seed the same seed gives the same scores
 */
public record RandomHiddenScorer(long seed) implements HiddenScorer {
  @Override
  public Set<SubLayerMeasurement> measurements() {
    return Set.of();
  }

  @Override
  public String statistic() {
    return "random";
  }

  @Override
  public double[] score(DecoderConfig config, Statistics statistics) {
    return new Random(seed).doubles(config.hiddenSize()).toArray();
  }
}
