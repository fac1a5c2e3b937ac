package org.espalier.pruning;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.espalier.allocation.BlockSoftmaxAllocator;
import org.espalier.importance.BlockInfluenceScorer;
import org.espalier.importance.OutputFeatureScorer;

/** SlimLLM (ICML 2025). */
final class SlimLlm implements Method {
  private static final String AUTO = "auto";
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
              new MethodParameter(
                  Variants.PARAMETER.name(),
                  "The published code, which spares the lowest hundredth of the channels and rounds"
                      + " every block's share for itself (official), or the sound form that removes"
                      + " the lowest channels and hits the target (corrected).",
                  "corrected",
                  List.of("corrected", "official")),
              new MethodParameter(
                  SHARE,
                  "Mean share of the units that the pruned blocks lose, 0 to 1; auto solves for it"
                      + " from the target. A number sets the paper's own control (0.25 for 20 %,"
                      + " 0.55 for 50 % of LLaMA-7B): then it decides alone and the target does"
                      + " not.",
                  AUTO,
                  List.of()),
              new MethodParameter(
                  BLOCKS,
                  "How many blocks are pruned, the most redundant ones, 1 to the number of blocks;"
                      + " auto goes from 26 of 32 at 20 % to 30 of 32 at 50 %, and to more where"
                      + " the target needs it.",
                  AUTO,
                  List.of()),
              new MethodParameter(
                  SHARPNESS,
                  "How much more the more redundant blocks lose, 0 to 1000; auto goes from 10 at"
                      + " 20 % to 7 at 50 %.",
                  AUTO,
                  List.of()),
              new MethodParameter(
                  GREEDY,
                  "Whether kept and removed head groups are exchanged where the output correlates"
                      + " better then.",
                  "true",
                  List.of("true", "false")),
              new MethodParameter(
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
            number(parameters, SHARE, 0, 1),
            parameters.text(BLOCKS).equals(AUTO)
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, parameters.whole(BLOCKS, 1))),
            number(parameters, SHARPNESS, 0, 1000),
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

  private static OptionalDouble number(
      ParameterValues parameters, String name, double lowest, double highest) {
    return parameters.text(name).equals(AUTO)
        ? OptionalDouble.empty()
        : OptionalDouble.of(parameters.number(name, lowest, highest));
  }
}
