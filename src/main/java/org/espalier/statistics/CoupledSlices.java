package org.espalier.statistics;

import java.util.Arrays;
import java.util.List;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Layout of vectors with one value for every slice of every matrix that goes with a sub-layer's
 * units, one matrix behind the other: rows of query, key and value and columns of output; rows of
 * gate and up and columns of down.
 */
public final class CoupledSlices {
  private static final List<WeightSlot> ATTENTION =
      List.of(WeightSlot.QUERY, WeightSlot.KEY, WeightSlot.VALUE, WeightSlot.OUTPUT);
  private static final List<WeightSlot> FEED_FORWARD =
      List.of(WeightSlot.GATE, WeightSlot.UP, WeightSlot.DOWN);

  private CoupledSlices() {}

  /** The matrices in the order of their parts. */
  public static List<WeightSlot> matrices(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? ATTENTION : FEED_FORWARD;
  }

  /** The dimension of a matrix that runs along one slice: 1 where slices are rows. */
  static int along(WeightSlot matrix) {
    return matrix == WeightSlot.output(matrix.kind()) ? 0 : 1;
  }

  /**
   * The values of one matrix, in the order of its slices; the slices of a unit are consecutive and
   * as many for every unit.
   *
   * @param shape of the block
   * @param joined of all matrices of the sub-layer
   */
  public static double[] part(WeightSlot matrix, BlockShape shape, double[] joined) {
    int start = 0;
    int weight = 0;
    int weights = 0;
    for (WeightSlot slot : matrices(matrix.kind())) {
      int relative = relativeSlices(slot, shape);
      if (slot == matrix) {
        start = weights;
        weight = relative;
      }
      weights += relative;
    }
    int size = joined.length / weights;
    return Arrays.copyOfRange(joined, start * size, (start + weight) * size);
  }

  /** Slices of a matrix in multiples of one head, or of all channels. */
  private static int relativeSlices(WeightSlot matrix, BlockShape shape) {
    return switch (matrix) {
      case QUERY, OUTPUT -> shape.queryHeads();
      case KEY, VALUE -> shape.headGroups();
      default -> 1;
    };
  }
}
