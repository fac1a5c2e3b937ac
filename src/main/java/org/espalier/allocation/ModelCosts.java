package org.espalier.allocation;

import java.util.List;
import org.espalier.transformer.SubLayerKind;

/**
 * What a decoder's widths cost at inference, without any tensor: everything a {@link Budget} is
 * reckoned from.
 *
 * @param model units and parameters
 * @param bytes of the weights as they lie in the checkpoint
 * @param bytesPerElement of a weight that the program writes, and of a cached key or value
 * @param hiddenSize d
 * @param headSize e
 * @param vocabularySize V
 * @param tiedEmbeddings whether the head is the embedding, so that both are one matrix
 * @param longestContext positions that the model was made for
 * @param blocks one per block
 */
public record ModelCosts(
    PrunableModel model,
    long bytes,
    int bytesPerElement,
    int hiddenSize,
    int headSize,
    int vocabularySize,
    boolean tiedEmbeddings,
    int longestContext,
    List<Block> blocks) {
  public ModelCosts {
    blocks = List.copyOf(blocks);
    if (blocks.size() != model.blocks().size()) {
      throw new IllegalArgumentException("costs for another number of blocks");
    }
  }

  /**
   * One block.
   *
   * @param queryHeadsPerGroup query heads that share one head group
   * @param slidingWindow latest positions that a query sees; 0 means all
   * @param attentionRest parameters of attention beside its units and its output bias, such as
   *     norms; they go with the last unit
   * @param feedForwardRest the same of the feed-forward sub-layer
   * @param postNorms whether a norm follows each sub-layer; it stays with an output bias
   * @param attentionBias whether the attention output has a bias already
   * @param feedForwardBias whether the feed-forward output has a bias already
   */
  public record Block(
      int queryHeadsPerGroup,
      int slidingWindow,
      long attentionRest,
      long feedForwardRest,
      boolean postNorms,
      boolean attentionBias,
      boolean feedForwardBias) {
    /** Positions that a query behind so many tokens sees. */
    long seen(int context) {
      return slidingWindow > 0 ? Math.min(context, slidingWindow) : context;
    }

    long rest(SubLayerKind kind) {
      return kind == SubLayerKind.ATTENTION ? attentionRest : feedForwardRest;
    }

    boolean hasBias(SubLayerKind kind) {
      return kind == SubLayerKind.ATTENTION ? attentionBias : feedForwardBias;
    }
  }
}
