package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Low-rank additions to the projections of one block: x W^T becomes x W^T + scale * drop(x) A^T B^T
 * (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", section 4.1).
 *
 * @param pairs by the weight that each one adapts
 * @param scale one number
 * @param dropout one number: the share of inputs of A that is set to zero at random
 */
public record Adapters(Map<WeightSlot, Pair> pairs, NDArray scale, NDArray dropout) {
  /**
   * The two factors, of rank r.
   *
   * @param narrow A, [r, inputs]
   * @param wide B, [outputs, r]
   */
  public record Pair(NDArray narrow, NDArray wide) {}

  public Adapters {
    EnumMap<WeightSlot, Pair> copy = new EnumMap<>(WeightSlot.class);
    copy.putAll(pairs);
    pairs = Collections.unmodifiableMap(copy);
  }
}
