package org.espalier.allocation;

/**
 * Channels of the residual stream, which run through the whole model: what goes with one of them.
 *
 * @param count of the model, its hidden size; 0 where it is not known
 * @param prunableParameters of matrices of blocks with one channel
 * @param layerParameters of blocks with one channel, norms and output biases included
 * @param totalParameters of the model with one channel, embedding and head included
 */
public record HiddenChannels(
    int count, long prunableParameters, long layerParameters, long totalParameters) {
  /** Of a model whose hidden size plays no part. */
  public static final HiddenChannels UNKNOWN = new HiddenChannels(0, 0, 0, 0);

  /** How much one channel counts; one channel is one unit where units are counted. */
  public long weight(RatioDefinition definition) {
    return switch (definition) {
      case PRUNABLE -> prunableParameters;
      case UNIT -> 1;
      case LAYER -> layerParameters;
      case TOTAL -> totalParameters;
    };
  }

  /** What {@link #weight} is a share of. */
  public long reference(RatioDefinition definition, PrunableModel model) {
    return definition == RatioDefinition.UNIT ? count : definition.reference(model);
  }
}
