package org.espalier.ui.heatmap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.importance.HiddenScores;
import org.espalier.importance.ImportanceMap;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.RankedScores;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;

/**
 * The channels of the residual stream as pictures show the units of a sub-layer: as a lone one of
 * as many channels, which all blocks read and write.
 *
 * @param channels of the dense model, its hidden size
 * @param kept how many of them stay
 * @param picture of {@link #ONLY}; without scores where the shown analysis judged units
 */
record ResidualStream(int channels, int kept, EspalierPicture picture) {
  /** The lone sub-layer. */
  static final SubLayer ONLY = SubLayer.feedForward(0);

  /** Scores made ready for drawing. */
  static RankedScores ranked(HiddenScores hidden) {
    return new RankedScores(
        new ImportanceMap(hidden.statistic(), List.of(new double[0]), List.of(hidden.scores())));
  }

  /**
   * What there is to show.
   *
   * @param scores of the analysis that is shown; empty for a method that removes units
   * @return empty where all channels stay and none has a score
   */
  static Optional<ResidualStream> of(
      PrunableModel model, Allocation allocation, Optional<RankedScores> scores, UnitOrder order) {
    if (scores.isEmpty() && allocation.keptHidden().isEmpty()) {
      return Optional.empty();
    }
    int channels = model.hidden().count();
    int kept = allocation.keptHidden().orElse(channels);
    PrunableModel alone =
        new PrunableModel(List.of(new PrunableModel.Block(0, 0, channels, 1)), channels, channels);
    return Optional.of(
        new ResidualStream(
            channels,
            kept,
            new EspalierPicture(
                alone,
                scores,
                new Allocation(List.of(0), List.of(kept)),
                Locks.NONE,
                order,
                Normalisation.PER_BLOCK,
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
  }
}
