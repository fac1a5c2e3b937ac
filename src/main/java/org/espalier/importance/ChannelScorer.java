package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;

/**
 * Scores units by a metric of the channels they own: a feed-forward channel by its own, a head
 * group by those of its query heads' outputs.
 *
 * @param metric per input channel of the output projection
 * @param squareAttention whether attention metrics are squared first, as the published FLAP code
 *     does
 * @param standardise whether channel metrics of each sub-layer are brought to mean 0 and unbiased
 *     deviation 1 before heads are formed, so that sub-layers compete (FLAP, equation 8)
 * @param aggregation how a head group's channels become one score
 * @param published whether fluctuations follow the published code or are true variances
 */
public record ChannelScorer(
    ChannelMetric metric,
    boolean squareAttention,
    boolean standardise,
    Aggregation aggregation,
    boolean published)
    implements Scorer {

  /** How channel scores of a head group become one. */
  public enum Aggregation {
    SUM,
    MEAN
  }

  @Override
  public Set<Collector> collectors() {
    return metric.collectors();
  }

  @Override
  public String statistic() {
    return metric.words() + (standardise ? ", standardised per sub-layer" : "");
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    double[] attention = new double[0];
    if (shape.headGroups() > 0) {
      double[] channels = metric.scores(statistics, SubLayer.attention(block), published);
      if (squareAttention) {
        for (int j = 0; j < channels.length; j++) {
          channels[j] *= channels[j];
        }
      }
      attention = aggregate(standardised(channels), shape.headGroups());
    }
    double[] feedForward = new double[0];
    if (shape.channels() > 0) {
      feedForward = standardised(metric.scores(statistics, SubLayer.feedForward(block), published));
    }
    return new BlockScores(attention, feedForward);
  }

  private double[] standardised(double[] scores) {
    if (!standardise) {
      return scores;
    }
    double mean = 0;
    for (double score : scores) {
      mean += score;
    }
    mean /= scores.length;
    double squares = 0;
    for (double score : scores) {
      squares += (score - mean) * (score - mean);
    }
    double deviation = Math.sqrt(squares / (scores.length - 1));
    double[] standardised = new double[scores.length];
    for (int j = 0; j < scores.length; j++) {
      // A sub-layer whose channels all score alike ranks in the middle instead of becoming NaN.
      standardised[j] = deviation > 0 ? (scores[j] - mean) / deviation : 0;
    }
    return standardised;
  }

  private double[] aggregate(double[] channels, int groups) {
    int width = channels.length / groups;
    double[] scores = new double[groups];
    for (int group = 0; group < groups; group++) {
      double sum = 0;
      for (int j = group * width; j < (group + 1) * width; j++) {
        sum += channels[j];
      }
      scores[group] = aggregation == Aggregation.SUM ? sum : sum / width;
    }
    return scores;
  }
}
