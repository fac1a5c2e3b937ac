package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.UniformAllocator;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ChannelScorer.Aggregation;

/** Wanda's metric summed over whole units, as the FLAP authors compare against it. */
final class WandaStructured implements Method {
  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "wanda-sp",
          "Wanda-sp",
          "Removes the units with the smallest product of input norm and mean absolute output"
              + " weight, the same share in every sub-layer. Blocks are measured one after the"
              + " other on the outputs of the already pruned ones, so the shown scores are a"
              + " preview from the dense model.",
          "Sun et al., A Simple and Effective Pruning Approach for Large Language Models, ICLR"
              + " 2024; structured form from the published code of FLAP (An et al., AAAI 2024)",
          SliderAnswer.PREVIEW,
          true,
          List.of(Variants.PARAMETER, Variants.withDefault(Variants.COMPENSATION, "false")));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    return Recipe.of(
            new ChannelScorer(
                ChannelMetric.WIFN, false, false, Aggregation.SUM, Variants.isOfficial(parameters)),
            (model, importance, subLayers) ->
                new UniformAllocator(
                    model, importance, Variants.rounding(parameters), SubLayerRemoval.FORBIDDEN))
        .scheduled(Recipe.Schedule.SEQUENTIAL)
        .compensating(Variants.compensator(parameters));
  }
}
