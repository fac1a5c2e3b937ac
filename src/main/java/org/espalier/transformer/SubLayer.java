package org.espalier.transformer;

/**
 * One sub-layer of a decoder.
 *
 * @param block index of its block, from 0, as in {@code model.layers.N}
 */
public record SubLayer(int block, SubLayerKind kind) {
  public static SubLayer attention(int block) {
    return new SubLayer(block, SubLayerKind.ATTENTION);
  }

  public static SubLayer feedForward(int block) {
    return new SubLayer(block, SubLayerKind.FEED_FORWARD);
  }

  /** For people: "attention of block 3". */
  public String label() {
    return (kind == SubLayerKind.ATTENTION ? "attention" : "feed-forward") + " of block " + block;
  }
}
