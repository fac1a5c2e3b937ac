package org.espalier.importance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.statistics.BlockSimilarityPass;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Judges blocks, and runs of blocks, by the angle between the residual stream before and after them
 * at the last token (Gromov et al., The Unreasonable Ineffectiveness of the Deeper Layers).
 */
public final class AngularDistanceScorer implements SubLayerScorer {
  public static final AngularDistanceScorer INSTANCE = new AngularDistanceScorer();

  private AngularDistanceScorer() {}

  @Override
  public Set<SubLayerMeasurement> measurements() {
    return Set.of(BlockSimilarityPass.INSTANCE);
  }

  @Override
  public SubLayerScores score(DecoderConfig config, Statistics statistics) {
    Map<SubLayer, Double> angles = new HashMap<>();
    List<double[]> spans = new ArrayList<>();
    for (int block = 0; block < config.blocks(); block++) {
      double[] span = new double[0];
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (config.shape(block).units(kind) > 0) {
          SubLayer subLayer = new SubLayer(block, kind);
          span = statistics.vector(subLayer, BlockSimilarityPass.ANGLES);
          angles.put(subLayer, span[0]);
        }
      }
      spans.add(span);
    }
    return new SubLayerScores(
        "angular distance", "angle", SharedScores.of(angles, config, statistics), spans);
  }
}
