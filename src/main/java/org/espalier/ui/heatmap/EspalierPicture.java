package org.espalier.ui.heatmap;

import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;

/**
 * What the espalier shows at one moment.
 *
 * @param scores empty before the first analysis: the rows then show the model's shape only
 * @param kept units that each sub-layer keeps
 */
public record EspalierPicture(
    PrunableModel model,
    Optional<RankedScores> scores,
    Allocation kept,
    Locks locks,
    UnitOrder order,
    Normalisation normalisation) {}
