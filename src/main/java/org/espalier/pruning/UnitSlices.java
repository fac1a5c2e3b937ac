package org.espalier.pruning;

import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Which slices of a block's tensors belong to a set of units: the coupling that makes a unit
 * removable as a whole.
 *
 * @param dimension of the tensor that units lie along: 0 for rows, 1 for columns
 * @param indices along that dimension, ascending
 */
record UnitSlices(int dimension, long[] indices) {
  /**
   * The slices of one tensor; empty if it is not cut by units.
   *
   * @param headSize width e of one head
   */
  static Optional<UnitSlices> of(WeightSlot slot, UnitSet units, BlockPlan plan, int headSize) {
    int group = plan.dense().queryHeadsPerGroup() * headSize;
    return switch (slot) {
      case ATTENTION_NORM,
          QUERY_NORM,
          KEY_NORM,
          ATTENTION_POST_NORM,
          FEED_FORWARD_NORM,
          FEED_FORWARD_POST_NORM,
          OUTPUT_BIAS,
          DOWN_BIAS ->
          Optional.empty();
      case QUERY, QUERY_BIAS -> Optional.of(new UnitSlices(0, expand(units, group)));
      case KEY, VALUE, KEY_BIAS, VALUE_BIAS ->
          Optional.of(new UnitSlices(0, expand(units, headSize)));
      case OUTPUT -> Optional.of(new UnitSlices(1, expand(units, group)));
      case GATE, UP, GATE_BIAS, UP_BIAS -> Optional.of(new UnitSlices(0, expand(units, 1)));
      case DOWN -> Optional.of(new UnitSlices(1, expand(units, 1)));
    };
  }

  /** Whether the tensor loses slices with its sub-layer's units. */
  static boolean isCut(WeightSlot slot) {
    return !slot.isNorm() && !slot.isOutputBias();
  }

  /** The units that a plan keeps of a tensor's sub-layer. */
  static UnitSet kept(WeightSlot slot, BlockPlan plan) {
    return slot.kind() == SubLayerKind.ATTENTION ? plan.headGroups() : plan.channels();
  }

  /** Units of a tensor's sub-layer before pruning. */
  static int count(WeightSlot slot, BlockPlan plan) {
    return plan.dense().units(slot.kind());
  }

  private static long[] expand(UnitSet units, int width) {
    return IntStream.of(units.toArray())
        .boxed()
        .flatMapToInt(unit -> IntStream.range(unit * width, (unit + 1) * width))
        .asLongStream()
        .toArray();
  }
}
