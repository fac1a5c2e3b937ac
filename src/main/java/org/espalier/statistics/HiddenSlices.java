package org.espalier.statistics;

import java.util.ArrayList;
import java.util.List;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Layout of vectors with one value for every slice of every tensor that goes with a channel of the
 * residual stream, one tensor behind the other, as many values for each as there are channels.
 * Those of a sub-layer are of its own tensors; those of the ends, which every sub-layer repeats,
 * are of the embedding, the final norm and the head. A tied head counts beside the embedding.
 */
public final class HiddenSlices {
  private HiddenSlices() {}

  /** Name of the vector of a sub-layer's own tensors. */
  public static String ofSubLayer(String statistic) {
    return "hidden." + statistic;
  }

  /** Name of the vector of the ends. */
  public static String ofEnds(String statistic) {
    return "hiddenEnds." + statistic;
  }

  /** The dimension of a tensor that runs along one slice; -1 where a slice is a single number. */
  static int along(WeightSlot slot) {
    boolean vector = slot.isNorm() || slot.isOutputBias();
    return vector ? -1 : 1 - slot.hiddenDimension().getAsInt();
  }

  /** The tensors of a sub-layer that have slices along hidden channels. */
  static List<WeightSlot> tensors(SubLayerKind kind, BlockWeights weights) {
    List<WeightSlot> tensors = new ArrayList<>();
    for (WeightSlot slot : weights.tensors().keySet()) {
      if (slot.kind() == kind && slot.hiddenDimension().isPresent()) {
        tensors.add(slot);
      }
    }
    return tensors;
  }
}
