package org.espalier.importance;

import java.util.HashSet;
import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.HeadEntropyPass;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;

/**
 * A head group scores its transfer entropy: how far the entropy of the final features moves when it
 * is skipped, {@code |H(F) - H(F without it)|}. Channels score as another scorer says, because a
 * pass for each of them would take too long.
 *
 * @param channels scorer of feed-forward channels
 * @param entropies what measures the entropies
 * @param signed whether only what a head group adds to the entropy counts
 */
public record HeadEntropyScorer(Scorer channels, HeadEntropyPass entropies, boolean signed)
    implements Scorer {
  @Override
  public Set<Collector> collectors() {
    return channels.collectors();
  }

  @Override
  public Set<SubLayerMeasurement> measurements() {
    Set<SubLayerMeasurement> measurements = new HashSet<>(channels.measurements());
    measurements.add(entropies);
    return measurements;
  }

  @Override
  public String statistic() {
    return "head groups: transfer entropy; channels: " + channels.statistic();
  }

  @Override
  public BlockScores score(int block, BlockShape shape, Statistics statistics) {
    double[] heads = new double[shape.headGroups()];
    if (heads.length > 0) {
      SubLayer attention = SubLayer.attention(block);
      double dense = statistics.vector(attention, entropies.dense())[0];
      double[] skipped = statistics.vector(attention, entropies.skipped());
      for (int head = 0; head < heads.length; head++) {
        double change = dense - skipped[head];
        heads[head] = signed ? change : Math.abs(change);
      }
    }
    return new BlockScores(heads, channels.score(block, shape, statistics).feedForward());
  }
}
