package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.Competition;
import org.espalier.allocation.FixedHeadsAllocator;
import org.espalier.allocation.GlobalThresholdAllocator;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.UniformAllocator;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ChannelScorer.Aggregation;
import org.espalier.importance.ResidualScorer;
import org.espalier.importance.Scorer;

/** Fluctuation-based adaptive structured pruning (An et al., AAAI 2024). */
final class Flap implements Method {
  /** The variant with our own comparison across sub-layers. */
  private static final String RESIDUAL = "residual";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "flap",
          "FLAP",
          "Removes the head groups and feed-forward channels whose outputs fluctuate least over the"
              + " calibration text, weighted by the output projection that reads them. Scores are"
              + " made comparable across sub-layers, by standardising them as the paper does or by"
              + " our own measure (variant residual), so that all units of the model compete for"
              + " the target. The mean output of what is removed is added as a bias.",
          "An et al., Fluctuation-based Adaptive Structured Pruning for Large Language Models, AAAI"
              + " 2024, with its published code",
          SliderAnswer.INSTANT,
          true,
          List.of(
              MethodParameter.choice(
                  "metric",
                  "Channel score: fluctuation weighted by the squared weights (WIFV), fluctuation"
                      + " alone (IFV), or the norm weighted by the absolute weights (WIFN); auto is"
                      + " WIFV as published, and IFV in the residual variant, where it did best on"
                      + " validation text.",
                  "auto",
                  List.of("auto", "WIFV", "IFV", "WIFN")),
              MethodParameter.choice(
                  "structure",
                  "Who competes: all units of the model (AL-AM), units of a kind across blocks with"
                      + " a fixed number of head groups (AL-MM), units of one sub-layer with a"
                      + " fixed number of head groups (UL-MM), or units of one sub-layer at one"
                      + " ratio (UL-UM).",
                  "AL-AM",
                  List.of("AL-AM", "AL-MM", "UL-MM", "UL-UM")),
              MethodParameter.choice(
                  Variants.PARAMETER.name(),
                  "The published code with its quirks and its own rounding (official), the sound"
                      + " form of the paper that hits the target (corrected), or ours (residual):"
                      + " as corrected, but units of different sub-layers compare by what they add"
                      + " to the residual stream per parameter, which did best on validation text.",
                  RESIDUAL,
                  List.of(RESIDUAL, "corrected", "official")),
              MethodParameter.whole(
                  "removeHeads",
                  "Head groups to remove in the whole model, for the structures UL-MM and AL-MM.",
                  "0",
                  0,
                  1_000_000),
              Variants.COMPENSATION,
              Variants.REMOVE_SUB_LAYERS));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    String structure = parameters.text("structure");
    boolean adaptive = structure.startsWith("AL");
    boolean official = Variants.isOfficial(parameters);
    Rounding rounding = Variants.rounding(parameters);
    SubLayerRemoval removal = Variants.removal(parameters);
    ChannelMetric metric = metric(parameters);
    Scorer scorer =
        adaptive && isResidual(parameters)
            ? new ResidualScorer(metric)
            : new ChannelScorer(
                metric,
                official,
                adaptive,
                adaptive ? Aggregation.MEAN : Aggregation.SUM,
                official);
    AllocationRule rule =
        switch (structure) {
          case "AL-AM" ->
              (model, importance, subLayers) ->
                  new GlobalThresholdAllocator(model, importance, rounding, removal);
          case "UL-UM" ->
              (model, importance, subLayers) ->
                  new UniformAllocator(model, importance, rounding, removal);
          default -> {
            Competition competition = adaptive ? Competition.GLOBAL : Competition.UNIFORM;
            int heads = parameters.count("removeHeads");
            yield (model, importance, subLayers) ->
                new FixedHeadsAllocator(model, importance, competition, heads, rounding, removal);
          }
        };
    return Recipe.of(scorer, rule).compensating(Variants.compensator(parameters));
  }

  private static ChannelMetric metric(ParameterValues parameters) {
    String name = parameters.text("metric");
    if (name.equals("auto")) {
      return isResidual(parameters) ? ChannelMetric.IFV : ChannelMetric.WIFV;
    }
    return ChannelMetric.valueOf(name);
  }

  private static boolean isResidual(ParameterValues parameters) {
    return parameters.text(Variants.PARAMETER.name()).equals(RESIDUAL);
  }
}
