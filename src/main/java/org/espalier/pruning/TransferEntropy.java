package org.espalier.pruning;

import java.util.List;
import java.util.Locale;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.WaterFillingAllocator;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ChannelScorer.Aggregation;
import org.espalier.importance.HeadEntropyScorer;
import org.espalier.importance.Scorer;
import org.espalier.importance.SubLayerCost;
import org.espalier.importance.TransferEntropyScorer;
import org.espalier.statistics.FinalEntropyPass.Features;
import org.espalier.statistics.HeadEntropyPass;

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
  private static final String HEADS = "heads";
  private static final String REMOVE_SUB_LAYERS = "removeSubLayers";
  private static final String FEATURES = "features";
  private static final String CHANGE = "change";
  private static final String LAW = "law";
  private static final String SPLIT = "split";
  private static final String ORDER = "order";

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
              + " reproduced. Its default parameters were chosen on validation texts of three small"
              + " models at 20 and 50 %, where none of 35 other settings left a lower mean"
              + " perplexity.",
          "Reconstructed after Yang et al., Let LLM Tell What to Prune and How Much to Prune, ICML"
              + " 2025; entropy as in Lin et al., MLP Can Be A Good Transformer Learner, CVPR 2024;"
              + " unit scores and bias as in FLAP (An et al., AAAI 2024)",
          SliderAnswer.INSTANT,
          true,
          List.of(
              MethodParameter.real(
                  GAMMA,
                  "How much the cost of a sub-layer counts against its transfer entropy;"
                      + " 0 ignores the cost.",
                  "1.0",
                  0,
                  100),
              MethodParameter.real(
                  TAU,
                  "How evenly sub-layers are pruned; large values come near to one"
                      + " ratio for all.",
                  "1.0",
                  0.01,
                  1000),
              MethodParameter.real(
                  HIGHEST,
                  "Highest share of its units that a sub-layer may lose; 1 allows whole"
                      + " sub-layers to go.",
                  "1.0",
                  0.01,
                  1),
              MethodParameter.whole(
                  PROTECT_FIRST,
                  "Blocks at the input whose sub-layers lose no more than protectMax.",
                  "2",
                  0,
                  10_000),
              MethodParameter.whole(
                  PROTECT_LAST,
                  "Blocks at the output whose sub-layers lose no more than protectMax.",
                  "1",
                  0,
                  10_000),
              MethodParameter.real(
                  PROTECT_HIGHEST,
                  "Highest share of its units that a sub-layer of a protected block may lose.",
                  "0.5",
                  0,
                  1),
              MethodParameter.choice(
                  COST,
                  "What a sub-layer costs: multiply-accumulates per decoded token (macs), or its"
                      + " measured time to decode 128 tokens on this device (latency).",
                  "macs",
                  List.of("macs", "latency")),
              MethodParameter.whole(
                  SEQUENCES,
                  "Calibration windows for the transfer entropy, from the first; 0 takes all, 16 to"
                      + " 32 give a quick draft.",
                  "0",
                  0,
                  1_000_000),
              MethodParameter.choice(
                  FEATURES,
                  "Whose entropy is taken: of the final features (final), of the features behind"
                      + " every later block, added up (later), or of the scores of the next token"
                      + " (logits).",
                  "final",
                  List.of("final", "later", "logits")),
              MethodParameter.choice(
                  CHANGE,
                  "Whether every change of the entropy counts (absolute), or only what a sub-layer"
                      + " adds to it (signed).",
                  "absolute",
                  List.of("absolute", "signed")),
              MethodParameter.choice(
                  LAW,
                  "How ratios follow: they fall exponentially with the standardised worth"
                      + " (exponential), linearly with the share of the transfer entropy (linear),"
                      + " or as a softmax of the negative transfer entropy (softmax); the last two"
                      + " ignore the cost.",
                  "exponential",
                  List.of("exponential", "linear", "softmax")),
              MethodParameter.choice(
                  SPLIT,
                  "Whether all sub-layers compete (joint), or the target is first divided between"
                      + " attention and feed-forward by their cost and their mean transfer entropy"
                      + " (kinds).",
                  "joint",
                  List.of("joint", "kinds")),
              MethodParameter.choice(
                  ORDER,
                  "Whether ratios are set at once from the dense model (once), or a little goes at"
                      + " a time from the sub-layer with the least transfer entropy for its"
                      + " remaining cost, measured anew ten times on the way (iterative); the"
                      + " slider then shows a preview, and law, tau and split serve that only.",
                  "once",
                  List.of("once", "iterative")),
              MethodParameter.choice(
                  METRIC,
                  "Channel score inside a sub-layer: fluctuation weighted by the squared weights"
                      + " (WIFV), fluctuation alone (IFV), the norm weighted by the absolute"
                      + " weights with squares for attention (WIFN) or without (wanda).",
                  "WIFV",
                  List.of("WIFV", "IFV", "WIFN", "wanda")),
              MethodParameter.choice(
                  HEADS,
                  "Score of a head group inside attention: the mean of the metric over what its"
                      + " channels give (metric), or its own transfer entropy, measured with the"
                      + " head group skipped (entropy), which takes (L + 1) / 2 more passes for"
                      + " each head group that a block of the L blocks has.",
                  "metric",
                  List.of("metric", "entropy")),
              MethodParameter.choice(
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
    TransferEntropyScorer judge =
        new TransferEntropyScorer(
            parameters.real(GAMMA),
            parameters.text(COST).equals("latency") ? SubLayerCost.LATENCY : SubLayerCost.MACS,
            parameters.count(SEQUENCES),
            Features.valueOf(parameters.text(FEATURES).toUpperCase(Locale.ROOT)),
            parameters.text(CHANGE).equals("signed"),
            TransferEntropyScorer.Law.valueOf(parameters.text(LAW).toUpperCase(Locale.ROOT)));
    WaterFillingAllocator.Settings settings =
        new WaterFillingAllocator.Settings(
            parameters.real(TAU),
            parameters.real(HIGHEST),
            parameters.count(PROTECT_FIRST),
            parameters.count(PROTECT_LAST),
            parameters.real(PROTECT_HIGHEST),
            parameters.text(SPLIT).equals("kinds")
                ? WaterFillingAllocator.Split.BY_KIND
                : WaterFillingAllocator.Split.JOINT);
    SubLayerRemoval removal =
        parameters.flag(REMOVE_SUB_LAYERS) ? SubLayerRemoval.ALLOWED : SubLayerRemoval.FORBIDDEN;
    Recipe once =
        Recipe.of(
                units(parameters, judge),
                (model, importance, subLayers) ->
                    new WaterFillingAllocator(model, subLayers, settings, removal))
            .judgingSubLayers(judge)
            .compensating(Variants.compensator(parameters));
    return parameters.text(ORDER).equals("iterative")
        ? once.searching(new IterativeEntropySearch(judge, settings, removal))
        : once;
  }

  private static Scorer units(ParameterValues parameters, TransferEntropyScorer judge) {
    String metric = parameters.text(METRIC);
    boolean wanda = metric.equals("wanda");
    Scorer channels =
        new ChannelScorer(
            wanda ? ChannelMetric.WIFN : ChannelMetric.valueOf(metric),
            !wanda,
            false,
            Aggregation.MEAN,
            false);
    return parameters.text(HEADS).equals("entropy")
        ? new HeadEntropyScorer(
            channels,
            new HeadEntropyPass(judge.sequences(), judge.features() == Features.LOGITS),
            judge.signed())
        : channels;
  }
}
