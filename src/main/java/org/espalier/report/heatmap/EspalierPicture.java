package org.espalier.report.heatmap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Bounds;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.transformer.SubLayer;

/**
 * What the espalier shows at one moment.
 *
 * @param scores empty before the first analysis: the rows then show the model's shape only
 * @param kept units that each sub-layer keeps
 * @param columns beside the kept shares, left to right
 * @param bounds what the method demands of sub-layers; others are not in it
 * @param overlay another allocation to compare with
 * @param proposed what the method keeps without locks, where there are some
 * @param free what would be kept if it could run anywhere, where it cannot
 */
public record EspalierPicture(
    PrunableModel model,
    Optional<RankedScores> scores,
    Allocation kept,
    Locks locks,
    UnitOrder order,
    Normalisation normalisation,
    List<SubLayerColumn> columns,
    Map<SubLayer, Bounds> bounds,
    Optional<Overlay> overlay,
    Optional<Allocation> proposed,
    Optional<Allocation> free) {
  public EspalierPicture {
    columns = List.copyOf(columns);
    bounds = Map.copyOf(bounds);
  }

  /** Without columns, bounds, overlay and proposals. */
  public EspalierPicture(
      PrunableModel model,
      Optional<RankedScores> scores,
      Allocation kept,
      Locks locks,
      UnitOrder order,
      Normalisation normalisation) {
    this(
        model,
        scores,
        kept,
        locks,
        order,
        normalisation,
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Why a sub-layer keeps what it keeps. */
  public SubLayerState state(SubLayer subLayer) {
    return locks
        .of(subLayer)
        .map(SubLayerState::of)
        .orElseGet(
            () -> {
              Bounds bound = bounds.get(subLayer);
              boolean atBound =
                  bound != null
                      && bound.leastKept() > 0
                      && kept.kept(subLayer) == bound.leastKept()
                      && bound.leastKept() < model.units(subLayer);
              return atBound || isFitted(subLayer) ? SubLayerState.CONSTRAINED : SubLayerState.FREE;
            });
  }

  /** True where a free sub-layer keeps another number because of where it will run. */
  public boolean isFitted(SubLayer subLayer) {
    return locks.of(subLayer).isEmpty()
        && free.filter(anywhere -> anywhere.kept(subLayer) != kept.kept(subLayer)).isPresent();
  }

  /** True where the method told the units of a sub-layer apart, so that they have a colour each. */
  public boolean hasUnitScores(SubLayer subLayer) {
    return scores.isPresent() && scores.get().tellsUnitsApart(subLayer);
  }

  /** True where a row stands by falling score, so that a cut line says what goes. */
  public boolean hasCutLine() {
    return scores.isPresent() && order == UnitOrder.BY_SCORE;
  }

  /** True where nothing of a whole block stays. */
  public boolean isBlockRemoved(int block) {
    return kept.kept(SubLayer.attention(block)) == 0 && kept.kept(SubLayer.feedForward(block)) == 0;
  }
}
