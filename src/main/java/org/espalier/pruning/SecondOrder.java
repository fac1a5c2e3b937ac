package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.GlobalThresholdAllocator;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.UniformAllocator;
import org.espalier.importance.EliminationScorer;

/** Second-order pruning with output reconstruction, sub-layer by sub-layer. */
final class SecondOrder implements Method {
  private static final String DAMPING = "damping";
  private static final String ALLOCATION = "allocation";
  private static final String REMOVE_SUB_LAYERS = "removeSubLayers";

  private static final MethodDescription DESCRIPTION =
      new MethodDescription(
          "obs",
          "Second-order reconstruction",
          "Removes, in each sub-layer, the head group or channel whose loss changes the sub-layer's"
              + " output least once the others have taken over what they can, then the next, and"
              + " last solves for the output projection and bias that come closest to the whole"
              + " one. Sub-layers are pruned in their order, each on what the pruned ones before"
              + " it give. How much each loses comes from the dense model: all units compete by"
              + " the error that their removal adds, beside the energy of the residual stream, for"
              + " each parameter saved (this comparison is ours).",
          "The local step of Li et al., Týr-the-Pruner, NeurIPS 2025; Hassibi and Stork, Second"
              + " Order Derivatives for Network Pruning: Optimal Brain Surgeon, 1993",
          SliderAnswer.PREVIEW,
          true,
          List.of(
              MethodParameter.real(
                  DAMPING,
                  "Share of the mean variance of a projection's inputs that is added to each"
                      + " input's; more keeps closer to the given weights.",
                  "0.01",
                  1e-6,
                  1),
              MethodParameter.choice(
                  ALLOCATION,
                  "Whether all units of the model compete (global), or every sub-layer loses the"
                      + " same share (uniform).",
                  "global",
                  List.of("global", "uniform")),
              MethodParameter.choice(
                  REMOVE_SUB_LAYERS,
                  "Whether a sub-layer may lose all its units.",
                  "false",
                  List.of("false", "true"))));

  @Override
  public MethodDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Recipe recipe(ParameterValues parameters) {
    double damping = parameters.real(DAMPING);
    SubLayerRemoval removal =
        parameters.flag(REMOVE_SUB_LAYERS) ? SubLayerRemoval.ALLOWED : SubLayerRemoval.FORBIDDEN;
    AllocationRule rule =
        parameters.text(ALLOCATION).equals("global")
            ? (model, importance, subLayers) ->
                new GlobalThresholdAllocator(model, importance, Rounding.CORRECTED, removal)
            : (model, importance, subLayers) ->
                new UniformAllocator(model, importance, Rounding.CORRECTED, removal);
    return Recipe.of(new EliminationScorer(damping), rule)
        .scheduled(Recipe.Schedule.SEQUENTIAL_SUB_LAYERS)
        .compensating(new LeastSquaresCompensator(damping));
  }
}
