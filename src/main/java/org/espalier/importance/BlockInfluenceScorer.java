package org.espalier.importance;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.espalier.statistics.BlockSimilarityPass;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Judges whole blocks by their influence, 1 minus the mean cosine of the residual stream before and
 * after them (Men et al., ShortGPT: Layers in Large Language Models are More Redundant Than You
 * Expect, equation 1). Both sub-layers carry the score of their block.
 */
public final class BlockInfluenceScorer implements SubLayerScorer {
  public static final BlockInfluenceScorer INSTANCE = new BlockInfluenceScorer();

  private BlockInfluenceScorer() {}

  @Override
  public Set<SubLayerMeasurement> measurements() {
    return Set.of(BlockSimilarityPass.INSTANCE);
  }

  @Override
  public SubLayerScores score(DecoderConfig config, Statistics statistics) {
    Map<SubLayer, Double> influences = new HashMap<>();
    for (int block = 0; block < config.blocks(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (config.shape(block).units(kind) > 0) {
          SubLayer subLayer = new SubLayer(block, kind);
          influences.put(subLayer, 1 - statistics.vector(subLayer, BlockSimilarityPass.COSINE)[0]);
        }
      }
    }
    return new SubLayerScores(
        "block influence", "BI", SharedScores.of(influences, config, statistics));
  }
}
