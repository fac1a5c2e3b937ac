package org.espalier.importance;

import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayerKind;

/** Parameters that one unit takes, in those of a feed-forward channel. */
final class UnitCost {
  private UnitCost() {}

  /**
   * 1 for a channel, (2g + 2)·e / 3 for a group of g heads of size e: query and output columns of g
   * heads, key and value rows of one, where a channel has three vectors.
   *
   * @param width inputs of the output projection that belong to one unit, g·e for a head group
   */
  static double inChannels(SubLayerKind kind, BlockShape shape, double width) {
    return switch (kind) {
      case FEED_FORWARD -> 1;
      case ATTENTION -> {
        double heads = shape.queryHeadsPerGroup();
        yield (2 * heads + 2) * (width / heads) / 3;
      }
    };
  }
}
