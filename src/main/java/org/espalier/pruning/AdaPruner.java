package org.espalier.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.BlockRangeAllocator;
import org.espalier.allocation.Competition;
import org.espalier.allocation.Rounding;
import org.espalier.importance.BlendedScorer;
import org.espalier.search.SearchSpace;
import org.espalier.search.TreeStructuredParzenEstimator;
import org.espalier.search.Variable;

/**
 * A reconstruction of Kong et al., Sample-aware Adaptive Structured Pruning for Large Language
 * Models, AAAI 2025, whose formulas and code were not available.
 */
final class AdaPruner implements Method {
  static final String NAME = "adapruner";

  private static final String VARIANT = "variant";
  private static final String PAPER = "paper";
  private static final String TRIALS = "trials";
  private static final String SETS = "sets";
  private static final String SET_SIZE = "setSize";
  private static final String JUDGING = "heldOut";
  private static final String SEED = "seed";

  private static final String COARSE_FIRST = "alpha1";
  private static final String COARSE_SECOND = "alpha2";
  private static final String COARSE_FACTOR = "lambda1";
  private static final String FINE_FACTOR = "lambda2";
  private static final double[] COARSE_FACTORS = {1e5, 1e6, 1e7};
  private static final double[] FINE_FACTORS = {1e-2, 1e-3};
  private static final double SECOND_FACTOR = 1e-4;

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          NAME,
          "AdaPruner",
          "Searches for the calibration windows and the importance metric that suit the model: each"
              + " trial takes one of several calibration sets and one blend of coarse and fine,"
              + " first- and second-order Taylor terms of the loss, prunes with them as a mask, and"
              + " is judged by perplexity on text that is held out from calibration. A"
              + " Tree-structured Parzen Estimator learns from the trials what to try next; the"
              + " best blend makes the cut. What the heatmap shows before is a first guess. This"
              + " method is reconstructed: the paper's exact formulas were not available, so its"
              + " published figures need not be reproduced. The authors retrain afterwards with"
              + " LoRA.",
          "Reconstructed after Kong et al., Sample-aware Adaptive Structured Pruning for Large"
              + " Language Models, AAAI 2025; search by Bergstra et al., NeurIPS 2011; groups and"
              + " terms as in LLM-Pruner (Ma et al., NeurIPS 2023)",
          SliderAnswer.AFTER_RUN,
          true,
          List.of(
              MethodParameter.choice(
                  VARIANT,
                  "Terms brought onto one scale by their means, with a short search (balanced), or"
                      + " the paper's factors, searched too, with 100 trials and 200 calibration"
                      + " sets (paper).",
                  "balanced",
                  List.of("balanced", PAPER)),
              MethodParameter.wholeOrAuto(
                  TRIALS, "Settings to try; auto is 40, and 100 in the paper variant.", 1, 10_000),
              MethodParameter.wholeOrAuto(
                  SETS,
                  "Calibration sets to choose among; auto is 24, and 200 in the paper variant.",
                  1,
                  10_000),
              MethodParameter.whole(
                  SET_SIZE,
                  "Windows of one calibration set. The authors take 10.",
                  "10",
                  1,
                  10_000),
              MethodParameter.whole(
                  JUDGING, "Held-out windows that judge a trial, at most.", "64", 1, 100_000),
              BlockRangeParameters.FIRST,
              BlockRangeParameters.LAST,
              MethodParameter.seed(SEED, "Same seed, same search.")));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    boolean paper = parameters.text(VARIANT).equals(PAPER);
    int trials = parameters.countUnlessAuto(TRIALS).orElse(paper ? 100 : 40);
    int sets = parameters.countUnlessAuto(SETS).orElse(paper ? 200 : 24);
    int setSize = parameters.count(SET_SIZE);
    int judging = parameters.count(JUDGING);
    long seed = parameters.whole(SEED);
    BlockRangeParameters range = BlockRangeParameters.of(NAME, parameters);
    SearchSpace space = space(sets, paper);
    BlendedScorer guess =
        new BlendedScorer(0.5, 0.5, new BlendedScorer.Alignment.ByMean(), setSize);
    return Recipe.of(
            guess,
            (model, importance, subLayers) ->
                new BlockRangeAllocator(
                    model, importance, range.of(model), Competition.UNIFORM, Rounding.CORRECTED))
        .searchingScorer(
            new ScorerSearch(
                space,
                new TreeStructuredParzenEstimator(space, seed, paper ? 20 : 10),
                trials,
                setSize,
                judging,
                seed,
                point -> scorer(point, paper)));
  }

  private static SearchSpace space(int sets, boolean paper) {
    List<Variable> variables = new ArrayList<>();
    variables.add(new Variable.Categorical(ScorerSearch.SET, sets));
    variables.add(new Variable.Continuous(COARSE_FIRST, 0, 1));
    variables.add(new Variable.Continuous(COARSE_SECOND, 0, 1));
    if (paper) {
      variables.add(new Variable.Categorical(COARSE_FACTOR, COARSE_FACTORS.length));
      variables.add(new Variable.Categorical(FINE_FACTOR, FINE_FACTORS.length));
    }
    return new SearchSpace(variables);
  }

  private static BlendedScorer scorer(Map<String, Double> point, boolean paper) {
    BlendedScorer.Alignment alignment =
        paper
            ? new BlendedScorer.Alignment.Fixed(
                COARSE_FACTORS[point.get(COARSE_FACTOR).intValue()],
                FINE_FACTORS[point.get(FINE_FACTOR).intValue()],
                SECOND_FACTOR)
            : new BlendedScorer.Alignment.ByMean();
    return new BlendedScorer(point.get(COARSE_FIRST), point.get(COARSE_SECOND), alignment, 0);
  }
}
