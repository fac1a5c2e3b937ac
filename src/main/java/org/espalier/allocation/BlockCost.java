package org.espalier.allocation;

import java.util.ArrayList;
import java.util.List;
import org.espalier.transformer.SubLayerKind;

/**
 * What one block of a checkpoint takes; exact.
 *
 * @param block index, from 0
 * @param parameters norms and biases included
 * @param macs multiply-accumulates of its matrix products for one decoded token
 */
public record BlockCost(int block, long parameters, long macs) {
  /**
   * All blocks of a checkpoint as it lies there.
   *
   * @param context tokens before the decoded one
   */
  public static List<BlockCost> of(ModelCosts costs, int context) {
    List<BlockCost> all = new ArrayList<>();
    for (int b = 0; b < costs.blocks().size(); b++) {
      PrunableModel.Block block = costs.model().blocks().get(b);
      ModelCosts.Block cost = costs.blocks().get(b);
      long parameters = block.prunableParameters();
      for (SubLayerKind kind : SubLayerKind.values()) {
        parameters += cost.rest(kind) + (cost.hasBias(kind) ? costs.hiddenSize() : 0);
      }
      all.add(
          new BlockCost(
              b, parameters, macs(costs, b, block.headGroups(), block.channels(), context)));
    }
    return all;
  }

  /** Products of a block with so many units. */
  static long macs(ModelCosts costs, int block, long groups, long channels, int context) {
    ModelCosts.Block cost = costs.blocks().get(block);
    long width = costs.headSize();
    // Query, output, key and value, then scores and the weighted sum over what is seen.
    return groups
            * ((2L * cost.queryHeadsPerGroup() + 2) * width * costs.hiddenSize()
                + 2L * cost.queryHeadsPerGroup() * width * cost.seen(context))
        + 3 * channels * costs.hiddenSize();
  }
}
