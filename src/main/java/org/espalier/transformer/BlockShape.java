package org.espalier.transformer;

/**
 * Widths of one decoder block; they may differ from block to block.
 *
 * @param queryHeads query heads, a multiple of {@code headGroups}; 0 when the attention sub-layer
 *     is removed
 * @param headGroups KV heads; 0 when the attention sub-layer is removed
 * @param channels feed-forward channels; 0 when the feed-forward sub-layer is removed
 */
public record BlockShape(int queryHeads, int headGroups, int channels) {
  public BlockShape {
    if (queryHeads < 0 || headGroups < 0 || channels < 0) {
      throw new IllegalArgumentException("negative width");
    }
    if (headGroups == 0 ? queryHeads != 0 : queryHeads % headGroups != 0) {
      throw new IllegalArgumentException(
          queryHeads + " query heads cannot share " + headGroups + " KV heads");
    }
  }

  /** Query heads for each KV head; 1 under multi-head attention, 0 without attention. */
  public int queryHeadsPerGroup() {
    return headGroups == 0 ? 0 : queryHeads / headGroups;
  }

  /** Number of units of a sub-layer. */
  public int units(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? headGroups : channels;
  }
}
