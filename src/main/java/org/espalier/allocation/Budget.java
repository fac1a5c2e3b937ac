package org.espalier.allocation;

import java.util.OptionalDouble;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * What a model with an allocation takes; exact, and cheap enough for every frame. Bytes are those
 * of the element types in which weights are written, and keys and values with them.
 *
 * @param parameters of the whole model, biases that repair it included
 * @param bytes of its weights
 * @param macs multiply-accumulates of its matrix products for one decoded token
 * @param weightBytesRead weights that one decoded token reads, at batch 1
 * @param cacheBytesRead keys and values that one decoded token reads, at batch 1
 * @param ratios what was removed
 */
public record Budget(
    long parameters,
    long bytes,
    long macs,
    long weightBytesRead,
    long cacheBytesRead,
    Ratios ratios) {
  /** The dense model, in the element types of its checkpoint. */
  public static Budget dense(ModelCosts costs, int context) {
    Budget written = of(Allocation.dense(costs.model()), costs, context, false);
    long unread = written.bytes() - written.weightBytesRead();
    return new Budget(
        written.parameters(),
        costs.bytes(),
        written.macs(),
        costs.bytes() - unread,
        written.cacheBytesRead(),
        written.ratios());
  }

  /**
   * A pruned model as the program writes it.
   *
   * @param context tokens before the decoded one
   * @param repaired whether every pruned sub-layer gets an output bias, where it has none
   */
  public static Budget of(Allocation allocation, ModelCosts costs, int context, boolean repaired) {
    PrunableModel model = costs.model();
    int hidden = allocation.keptHidden().orElse(costs.hiddenSize());
    long parameters =
        model.totalParameters() - (costs.hiddenSize() - hidden) * model.hidden().totalParameters();
    long macs = (long) hidden * costs.vocabularySize();
    long cached = 0;
    for (int b = 0; b < costs.blocks().size(); b++) {
      PrunableModel.Block block = model.blocks().get(b);
      long groups = allocation.keptHeadGroups().get(b);
      long channels = allocation.keptChannels().get(b);
      parameters -=
          (block.headGroups() - groups) * block.parametersPerHeadGroup()
              + (block.channels() - channels) * block.parametersPerChannel();
      for (SubLayerKind kind : SubLayerKind.values()) {
        parameters += besideUnits(allocation, costs, new SubLayer(b, kind), repaired);
      }
      macs += BlockCost.macs(costs, b, groups, channels, context);
      cached += 2 * groups * costs.headSize() * costs.blocks().get(b).seen(context);
    }
    long bytes = parameters * costs.bytesPerElement();
    // Of an embedding that is not the head too, one row is read.
    long unread = costs.tiedEmbeddings() ? 0 : (costs.vocabularySize() - 1L) * hidden;
    return new Budget(
        parameters,
        bytes,
        macs,
        bytes - unread * costs.bytesPerElement(),
        cached * costs.bytesPerElement(),
        Ratios.of(allocation, model));
  }

  /** Bias that a repair adds, less what goes with a sub-layer's last unit. */
  private static long besideUnits(
      Allocation allocation, ModelCosts costs, SubLayer subLayer, boolean repaired) {
    int units = costs.model().units(subLayer);
    int kept = allocation.kept(subLayer);
    if (kept == units) {
      return 0;
    }
    ModelCosts.Block block = costs.blocks().get(subLayer.block());
    long bias = repaired && !block.hasBias(subLayer.kind()) ? costs.hiddenSize() : 0;
    if (kept > 0) {
      return bias;
    }
    boolean biasStays = repaired || block.hasBias(subLayer.kind());
    long postNorm = biasStays && block.postNorms() ? costs.hiddenSize() : 0;
    return bias - block.rest(subLayer.kind()) + postNorm;
  }

  /** Everything that one decoded token reads. */
  public long bytesRead() {
    return weightBytesRead + cacheBytesRead;
  }

  /**
   * How much faster than {@code before} this can decode at batch 1 at most, where reading memory is
   * the limit; empty where the cache outweighs the weights, because then other limits count.
   */
  public OptionalDouble speedUpBound(Budget before) {
    return weightBytesRead > cacheBytesRead && before.weightBytesRead > before.cacheBytesRead
        ? OptionalDouble.of((double) before.bytesRead() / bytesRead())
        : OptionalDouble.empty();
  }
}
