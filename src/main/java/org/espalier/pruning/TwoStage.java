package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.TwoStageAllocator;
import org.espalier.importance.SkippedLossScorer;
import org.espalier.importance.WindowNormScorer;
import org.espalier.statistics.SkippedLossPass;

/** 2SSP: narrower feed-forward sub-layers first, then whole attention sub-layers. */
final class TwoStage implements Method {
  private static final String ALPHA = "alpha";
  private static final String WINDOWS = "searchWindows";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "2ssp",
          "2SSP",
          "Narrows all feed-forward sub-layers by the same share, keeping the channels with the"
              + " largest values, then removes whole attention sub-layers, one by one the one"
              + " without which the narrowed model predicts a piece of the calibration text best."
              + " How many go follows from the target and the sizes of both kinds. Which attention"
              + " goes is shown as a preview from the dense model until pruning has searched.",
          "Sandri et al., 2SSP: A Two-Stage Framework for Structured Pruning of LLMs, TMLR 2025,"
              + " with its published code",
          SliderAnswer.PREVIEW,
          true,
          List.of(
              Variants.PARAMETER,
              MethodParameter.real(
                  ALPHA,
                  "How much of the target attention bears; the larger, the more"
                      + " attention sub-layers go.",
                  "1.5",
                  0.1,
                  100),
              MethodParameter.whole(
                  WINDOWS,
                  "Calibration windows that the search predicts, from the first; 0 takes as many as"
                      + " make 2048 tokens.",
                  "0",
                  0,
                  1_000_000),
              Variants.withDefault(Variants.COMPENSATION, "false")));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    double alpha = parameters.real(ALPHA);
    SkippedLossPass pass = new SkippedLossPass(parameters.count(WINDOWS));
    return Recipe.of(
            WindowNormScorer.INSTANCE,
            (model, importance, subLayers) ->
                new TwoStageAllocator(model, subLayers, alpha, Variants.rounding(parameters)))
        .judgingSubLayers(new SkippedLossScorer(pass))
        .searching(new GreedyAttentionSearch(pass))
        .compensating(Variants.compensator(parameters));
  }
}
