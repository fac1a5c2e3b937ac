package org.espalier.ui.heatmap;

import java.util.Optional;
import java.util.function.Function;
import org.espalier.allocation.SubLayerCost;
import org.espalier.transformer.SubLayer;

/**
 * What cutting each sub-layer of the shown allocation is predicted to cost.
 *
 * @param of a sub-layer; empty where nothing was measured
 * @param instead why there is nothing, and how to get it
 */
public record SubLayerCosts(Function<SubLayer, Optional<SubLayerCost>> of, String instead) {}
