package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.BlockOrder;
import org.espalier.allocation.DepthAllocator;
import org.espalier.importance.AngularDistanceScorer;
import org.espalier.importance.BlockInfluenceScorer;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ChannelScorer.Aggregation;

/** Depth pruning: whole blocks by how little they change the residual stream. */
final class ShortGpt implements Method {
  private static final String ORDER = "order";
  private static final String INFLUENCE = "influence";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "shortgpt",
          "ShortGPT",
          "Removes whole blocks: those that change the residual stream least, by 1 minus the mean"
              + " cosine before and after the block, all at once without measuring again; or the"
              + " run of neighbouring blocks over which the last token's stream turns least. The"
              + " steps are as coarse as a block, so the nearest share that whole blocks allow is"
              + " reached and shown. Blocks with a locked or hand-set sub-layer that keeps units"
              + " stay; in a hand-set sub-layer the units with the least weighted fluctuation go.",
          "Men et al., ShortGPT: Layers in Large Language Models are More Redundant Than You"
              + " Expect, 2024; contiguous order after Gromov et al., The Unreasonable"
              + " Ineffectiveness of the Deeper Layers, ICLR 2025",
          SliderAnswer.INSTANT,
          true,
          List.of(
              MethodParameter.choice(
                  ORDER,
                  "Which blocks go: those of the lowest influence, wherever they are (influence),"
                      + " or the run of neighbours with the smallest angle between its input and"
                      + " its output (angular).",
                  INFLUENCE,
                  List.of(INFLUENCE, "angular")),
              Variants.withDefault(Variants.COMPENSATION, "false")));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    boolean influence = parameters.text(ORDER).equals(INFLUENCE);
    BlockOrder order = influence ? BlockOrder.LOWEST_SCORE : BlockOrder.CONTIGUOUS;
    return Recipe.of(
            new ChannelScorer(ChannelMetric.WIFV, false, false, Aggregation.MEAN, false),
            (model, importance, subLayers) -> new DepthAllocator(model, subLayers, order))
        .judgingSubLayers(
            influence ? BlockInfluenceScorer.INSTANCE : AngularDistanceScorer.INSTANCE)
        .compensating(Variants.compensator(parameters));
  }
}
