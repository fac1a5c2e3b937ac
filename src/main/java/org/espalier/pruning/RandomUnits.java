package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.UniformAllocator;
import org.espalier.importance.RandomScorer;

/** Random units at the same share in every sub-layer: the floor for every other method. */
final class RandomUnits implements Method {
  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "random",
          "Random",
          "Removes randomly chosen units, the same share in every sub-layer. Every other method"
              + " must beat it; with compensation it needs a calibration text for the means.",
          "Common baseline",
          SliderAnswer.INSTANT,
          false,
          true,
          List.of(
              MethodParameter.seed("seed", "Same seed, same units."),
              Variants.withDefault(Variants.COMPENSATION, "false")));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    return Recipe.of(
            new RandomScorer(parameters.whole("seed")),
            (model, importance, subLayers) ->
                new UniformAllocator(
                    model, importance, Rounding.CORRECTED, SubLayerRemoval.FORBIDDEN))
        .compensating(Variants.compensator(parameters));
  }
}
