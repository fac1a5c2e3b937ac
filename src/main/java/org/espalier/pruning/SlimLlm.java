package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.BlockSoftmaxAllocator;
import org.espalier.importance.BlockInfluenceScorer;
import org.espalier.importance.OutputFeatureScorer;

/** SlimLLM (ICML 2025). */
final class SlimLlm implements Method {
  private static final String SHARE = "rho";
  private static final String BLOCKS = "layers";
  private static final String SHARPNESS = "alpha";
  private static final String GREEDY = "greedy";
  private static final String COMPENSATION = "compensation";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "slimllm",
          "SlimLLM",
          "Blocks whose output is most like their input lose the most. A head group counts by how"
              + " far the attention output without it stays correlated with the whole, and kept"
              + " and removed ones are exchanged as long as that helps; a channel counts by its"
              + " weights, its inputs, and its output in the directions in which the sub-layer's"
              + " output varies most. Every output of what is kept is then fitted to the output of"
              + " all by a straight line, folded into the weights. Sub-layers are measured one"
              + " after the other on the outputs of the already pruned ones, so the shown scores"
              + " are a preview. Head groups as units under grouped-query attention are ours.",
          "Guo et al., SlimLLM: Accurate Structured Pruning for Large Language Models, ICML 2025,"
              + " with its published code",
          SliderAnswer.PREVIEW,
          true,
          List.of(
              MethodParameter.choice(
                  Variants.PARAMETER.name(),
                  "The published code, which spares the lowest hundredth of the channels and rounds"
                      + " every block's share for itself (official), or the sound form that removes"
                      + " the lowest channels and hits the target (corrected).",
                  "corrected",
                  List.of("corrected", "official")),
              MethodParameter.realOrAuto(
                  SHARE,
                  "Mean share of the units that the pruned blocks lose; auto solves for it"
                      + " from the target. A number sets the paper's own control (0.25 for 20 %,"
                      + " 0.55 for 50 % of LLaMA-7B): then it decides alone and the target does"
                      + " not.",
                  0,
                  1),
              MethodParameter.wholeOrAuto(
                  BLOCKS,
                  "How many blocks are pruned, the most redundant ones;"
                      + " auto goes from 26 of 32 at 20 % to 30 of 32 at 50 %, and to more where"
                      + " the target needs it.",
                  1,
                  10_000),
              MethodParameter.realOrAuto(
                  SHARPNESS,
                  "How much more the more redundant blocks lose; auto goes from 10 at"
                      + " 20 % to 7 at 50 %.",
                  0,
                  1000),
              MethodParameter.choice(
                  GREEDY,
                  "Whether kept and removed head groups are exchanged where the output correlates"
                      + " better then.",
                  "true",
                  List.of("true", "false")),
              MethodParameter.choice(
                  COMPENSATION,
                  "How the output of kept units is repaired: a straight line per output (affine),"
                      + " the mean output of removed units added as a bias (mean), or not at all"
                      + " (none).",
                  "affine",
                  List.of("affine", "mean", "none"))));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    BlockSoftmaxAllocator.Settings settings =
        new BlockSoftmaxAllocator.Settings(
            parameters.realUnlessAuto(SHARE),
            parameters.countUnlessAuto(BLOCKS),
            parameters.realUnlessAuto(SHARPNESS),
            Variants.rounding(parameters));
    return Recipe.of(
            OutputFeatureScorer.INSTANCE,
            (model, importance, subLayers) -> new BlockSoftmaxAllocator(model, subLayers, settings))
        .judgingSubLayers(BlockInfluenceScorer.INSTANCE)
        .scheduled(Recipe.Schedule.SEQUENTIAL_SUB_LAYERS)
        .selecting(
            new PerKindSelector(
                parameters.flag(GREEDY)
                    ? GreedySwapSelector.INSTANCE
                    : LowestScoreSelector.INSTANCE,
                Variants.isOfficial(parameters)
                    ? PiecewiseSelector.INSTANCE
                    : LowestScoreSelector.INSTANCE))
        .compensating(
            switch (parameters.text(COMPENSATION)) {
              case "affine" -> AffineCompensator.INSTANCE;
              case "mean" -> MeanCompensator.INSTANCE;
              default -> Compensator.NONE;
            });
  }
}
