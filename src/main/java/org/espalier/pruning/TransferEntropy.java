package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.WaterFillingAllocator;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ChannelScorer.Aggregation;
import org.espalier.importance.SubLayerCost;
import org.espalier.importance.TransferEntropyScorer;

/**
 * A reconstruction of Yang et al., Let LLM Tell What to Prune and How Much to Prune, ICML 2025,
 * whose formulas and code were not available.
 */
final class TransferEntropy implements Method {
  private static final String GAMMA = "gamma";
  private static final String TAU = "tau";
  private static final String HIGHEST = "pmax";
  private static final String PROTECT_FIRST = "protectFirst";
  private static final String PROTECT_LAST = "protectLast";
  private static final String PROTECT_HIGHEST = "protectMax";
  private static final String COST = "cost";
  private static final String SEQUENCES = "sequences";
  private static final String METRIC = "metric";
  private static final String REMOVE_SUB_LAYERS = "removeSubLayers";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "te-prune",
          "TE-Prune",
          "Asks every sub-layer how much the model would miss it: the entropy of the final features"
              + " is measured with each sub-layer skipped in turn, and the change, its transfer"
              + " entropy, is weighed against what the sub-layer costs at inference. Sub-layers"
              + " that matter little for their cost lose more units, up to all of them; inside a"
              + " sub-layer the units whose outputs fluctuate least go first, and the mean output"
              + " of what is removed is added as a bias. This method is reconstructed: the paper's"
              + " exact formulas were not available, so its published figures need not be"
              + " reproduced.",
          "Reconstructed after Yang et al., Let LLM Tell What to Prune and How Much to Prune, ICML"
              + " 2025; entropy as in Lin et al., MLP Can Be A Good Transformer Learner, CVPR 2024;"
              + " unit scores and bias as in FLAP (An et al., AAAI 2024)",
          SliderAnswer.INSTANT,
          true,
          List.of(
              new MethodParameter(
                  GAMMA,
                  "How much the cost of a sub-layer counts against its transfer entropy, 0 to 100;"
                      + " 0 ignores the cost.",
                  "1.0",
                  List.of()),
              new MethodParameter(
                  TAU,
                  "How evenly sub-layers are pruned, 0.01 to 1000; large values come near to one"
                      + " ratio for all.",
                  "1.0",
                  List.of()),
              new MethodParameter(
                  HIGHEST,
                  "Highest share of its units that a sub-layer may lose, 0.01 to 1; 1 allows whole"
                      + " sub-layers to go.",
                  "1.0",
                  List.of()),
              new MethodParameter(PROTECT_FIRST, "Protected blocks at the input.", "2", List.of()),
              new MethodParameter(PROTECT_LAST, "Protected blocks at the output.", "1", List.of()),
              new MethodParameter(
                  PROTECT_HIGHEST,
                  "Highest share of its units that a sub-layer of a protected block may lose, 0 to"
                      + " 1.",
                  "0.5",
                  List.of()),
              new MethodParameter(
                  COST,
                  "What a sub-layer costs: multiply-accumulates per decoded token (macs), or its"
                      + " measured time to decode 128 tokens on this device (latency).",
                  "macs",
                  List.of("macs", "latency")),
              new MethodParameter(
                  SEQUENCES,
                  "Calibration windows for the transfer entropy, from the first; 0 takes all, 16 to"
                      + " 32 give a quick draft.",
                  "0",
                  List.of()),
              new MethodParameter(
                  METRIC,
                  "Channel score inside a sub-layer: fluctuation weighted by the squared weights"
                      + " (WIFV), fluctuation alone (IFV), or the norm weighted by the absolute"
                      + " weights (WIFN).",
                  "WIFV",
                  List.of("WIFV", "IFV", "WIFN")),
              new MethodParameter(
                  REMOVE_SUB_LAYERS,
                  "Whether a sub-layer may lose all its units.",
                  "true",
                  List.of("true", "false")),
              Variants.COMPENSATION));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    SubLayerCost cost =
        parameters.text(COST).equals("latency") ? SubLayerCost.LATENCY : SubLayerCost.MACS;
    TransferEntropyScorer judge =
        new TransferEntropyScorer(
            parameters.number(GAMMA, 0, 100), cost, count(parameters, SEQUENCES));
    WaterFillingAllocator.Settings settings =
        new WaterFillingAllocator.Settings(
            parameters.number(TAU, 0.01, 1000),
            parameters.number(HIGHEST, 0.01, 1),
            count(parameters, PROTECT_FIRST),
            count(parameters, PROTECT_LAST),
            parameters.number(PROTECT_HIGHEST, 0, 1));
    SubLayerRemoval removal =
        parameters.flag(REMOVE_SUB_LAYERS) ? SubLayerRemoval.ALLOWED : SubLayerRemoval.FORBIDDEN;
    return Recipe.of(
            new ChannelScorer(
                ChannelMetric.valueOf(parameters.text(METRIC)),
                true,
                false,
                Aggregation.MEAN,
                false),
            (model, importance, subLayers) ->
                new WaterFillingAllocator(model, subLayers, settings, removal))
        .judgingSubLayers(judge)
        .compensating(Variants.compensator(parameters));
  }

  private static int count(ParameterValues parameters, String name) {
    return (int) Math.min(Integer.MAX_VALUE, parameters.whole(name, 0));
  }
}
