package org.espalier.importance;

import java.util.Set;
import org.espalier.statistics.DecodeLatency;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** What a sub-layer costs at inference; only the ratios between sub-layers matter. */
public enum SubLayerCost {
  /**
   * Multiply-accumulates per decoded token, with 64 earlier tokens on average: {@code (2H + 2K)de +
   * 2·64·He} for attention, {@code 3dI} for feed-forward.
   */
  MACS {
    @Override
    double of(SubLayer subLayer, DecoderConfig config, Statistics statistics) {
      BlockShape shape = config.shape(subLayer.block());
      double hidden = config.hiddenSize();
      double head = config.headSize();
      return subLayer.kind() == SubLayerKind.ATTENTION
          ? 2 * (shape.queryHeads() + shape.headGroups()) * hidden * head
              + 2 * MEAN_CONTEXT * shape.queryHeads() * head
          : 3 * hidden * shape.channels();
    }
  },
  /** Time to decode tokens one by one on this device. */
  LATENCY {
    @Override
    public Set<SubLayerMeasurement> measurements() {
      return Set.of(DecodeLatency.INSTANCE);
    }

    @Override
    double of(SubLayer subLayer, DecoderConfig config, Statistics statistics) {
      return statistics.vector(subLayer, DecodeLatency.SECONDS)[0];
    }
  };

  /** Half of a text of 128 tokens. */
  private static final double MEAN_CONTEXT = 64;

  /** What must be measured before. */
  public Set<SubLayerMeasurement> measurements() {
    return Set.of();
  }

  abstract double of(SubLayer subLayer, DecoderConfig config, Statistics statistics);
}
