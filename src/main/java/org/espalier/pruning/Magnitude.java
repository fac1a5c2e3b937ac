package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.UniformAllocator;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ChannelScorer.Aggregation;

/** Column norms of the output projections, the same share in every sub-layer; no text needed. */
final class Magnitude implements Method {
  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "magnitude",
          "Magnitude-sp",
          "Removes the units whose columns of the output projection are smallest in 2-norm, the"
              + " same share in every sub-layer. It looks at weights only and needs no calibration"
              + " text.",
          "Baseline in the published code of FLAP (An et al., AAAI 2024)",
          SliderAnswer.INSTANT,
          false,
          List.of(Variants.PARAMETER));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    return Recipe.of(
        new ChannelScorer(ChannelMetric.MAGNITUDE, false, false, Aggregation.SUM, true),
        (model, importance, subLayers) ->
            new UniformAllocator(
                model, importance, Variants.rounding(parameters), SubLayerRemoval.FORBIDDEN));
  }
}
