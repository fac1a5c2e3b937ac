package org.espalier.pruning;

import java.util.List;
import java.util.Locale;
import org.espalier.allocation.BlockRangeAllocator;
import org.espalier.allocation.Competition;
import org.espalier.allocation.HiddenChannelAllocator;
import org.espalier.allocation.Rounding;
import org.espalier.importance.CoupledScorer;
import org.espalier.importance.HiddenChannelScorer;
import org.espalier.importance.HiddenScorer;
import org.espalier.importance.RandomHiddenScorer;
import org.espalier.importance.RandomScorer;
import org.espalier.importance.Scorer;
import org.espalier.importance.SliceMetric;

/** LLM-Pruner (Ma et al., NeurIPS 2023) with groups inside blocks, or with hidden channels. */
final class LlmPruner implements Method {
  static final String NAME = "llm-pruner";

  private static final String STRUCTURE = "structure";
  private static final String IMPORTANCE = "importance";
  private static final String SCOPE = "scope";
  private static final String EXAMPLES = "examples";
  private static final String SEED = "seed";
  private static final String RANDOM = "random";
  private static final String CHANNELS = "channels";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          NAME,
          "LLM-Pruner",
          "Removes the head groups and feed-forward channels that the loss on a few examples would"
              + " miss least, by a Taylor expansion over all weights that go with a unit: the rows"
              + " of its query, key and value or gate and up projections, and the columns that read"
              + " it. Every sub-layer of the pruned blocks loses the same share; the first and the"
              + " last blocks stay whole. Gradients are computed block by block, so that they take"
              + " the memory of one block instead of the whole model's. Norms of the weights or"
              + " chance may take the place of the gradients. With structure=channels the whole"
              + " model loses hidden channels instead, in embedding, norms, head and every block"
              + " alike, so that it stays a plain model with a smaller hidden size. The authors"
              + " retrain afterwards with LoRA.",
          "Ma et al., LLM-Pruner: On the Structural Pruning of Large Language Models, NeurIPS 2023,"
              + " with its published code; head groups under grouped queries are ours",
          SliderAnswer.INSTANT,
          true,
          List.of(
              MethodParameter.choice(
                  STRUCTURE,
                  "What goes: head groups and feed-forward channels of blocks (blocks), or channels"
                      + " of the residual stream, the hidden size, which run through the whole"
                      + " model and can go around no lock (channels; scope, firstBlock, lastBlock"
                      + " and variant then play no part).",
                  "blocks",
                  List.of("blocks", CHANNELS)),
              MethodParameter.choice(
                  IMPORTANCE,
                  "What a unit counts for: first-order changes of the loss over single weights"
                      + " (param_first), over whole slices (vectorize), second-order changes"
                      + " (param_second), both (param_mix), absolute or squared weights (l1, l2),"
                      + " or chance (random).",
                  "param_first",
                  List.of(
                      "param_first", "param_second", "param_mix", "vectorize", "l1", "l2", RANDOM)),
              MethodParameter.choice(
                  SCOPE,
                  "Whether every sub-layer of the pruned blocks loses the same share (local), or"
                      + " all their units compete (global).",
                  "local",
                  List.of("local", "global")),
              BlockRangeParameters.FIRST,
              BlockRangeParameters.LAST,
              MethodParameter.whole(
                  EXAMPLES,
                  "Calibration windows for gradients, from the first; 0 takes all. The authors take"
                      + " 10.",
                  "10",
                  0,
                  1_000_000),
              MethodParameter.seed(SEED, "Same seed, same units when chance decides."),
              MethodParameter.choice(
                  Variants.PARAMETER.name(),
                  "The published rounding, where the ratio is that of every pruned sub-layer"
                      + " whatever it comes to in the model (official), or shares that hit the"
                      + " target (corrected).",
                  Variants.PARAMETER.defaultValue(),
                  Variants.PARAMETER.choices())));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    BlockRangeParameters range = BlockRangeParameters.of(NAME, parameters);
    Competition competition =
        parameters.text(SCOPE).equals("local") ? Competition.UNIFORM : Competition.GLOBAL;
    Rounding rounding = Variants.rounding(parameters);
    if (parameters.text(STRUCTURE).equals(CHANNELS)) {
      return Recipe.of(
              scorer(parameters),
              (model, importance, subLayers) -> new HiddenChannelAllocator(model))
          .judgingHiddenChannels(hiddenScorer(parameters));
    }
    return Recipe.of(
        scorer(parameters),
        (model, importance, subLayers) ->
            new BlockRangeAllocator(model, importance, range.of(model), competition, rounding));
  }

  private static HiddenScorer hiddenScorer(ParameterValues parameters) {
    String name = parameters.text(IMPORTANCE);
    return name.equals(RANDOM)
        ? new RandomHiddenScorer(parameters.whole(SEED))
        : new HiddenChannelScorer(
            SliceMetric.valueOf(name.toUpperCase(Locale.ROOT)), examples(parameters));
  }

  private static int examples(ParameterValues parameters) {
    return parameters.count(EXAMPLES);
  }

  private static Scorer scorer(ParameterValues parameters) {
    long seed = parameters.whole(SEED);
    String name = parameters.text(IMPORTANCE);
    if (name.equals(RANDOM)) {
      return new RandomScorer(seed);
    }
    SliceMetric metric = SliceMetric.valueOf(name.toUpperCase(Locale.ROOT));
    return new CoupledScorer(metric, !metric.readsGradients(), examples(parameters));
  }
}
