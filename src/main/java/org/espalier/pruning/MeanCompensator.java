package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;
import org.espalier.statistics.ActivationStatistics;
import org.espalier.statistics.Statistics;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Adds what removed units gave on average: {@code b += Σ_{j removed} m_j · W[:,j]} with the mean
 * input m and the output projection W (FLAP, equation 9).
 */
final class MeanCompensator {
  private MeanCompensator() {}

  /**
   * Biases of one block.
   *
   * @param weights of the dense block
   * @param statistics that hold the means of its inputs
   */
  static Map<SubLayer, float[]> compensate(
      int block, BlockPlan plan, BlockWeights weights, Statistics statistics, int headSize) {
    Map<SubLayer, float[]> biases = new HashMap<>();
    for (WeightSlot slot : new WeightSlot[] {WeightSlot.OUTPUT, WeightSlot.DOWN}) {
      SubLayerKind kind = slot.kind();
      if (weights.get(slot).isEmpty() || PlannedBlocks.isUntouched(plan, kind)) {
        continue;
      }
      SubLayer subLayer = new SubLayer(block, kind);
      UnitSet removed = UnitSlices.kept(slot, plan).complement(UnitSlices.count(slot, plan));
      UnitSlices slices = UnitSlices.of(slot, removed, plan, headSize).orElseThrow();
      try (TorchScope scope = TorchScope.open()) {
        double[] mean = statistics.vector(subLayer, ActivationStatistics.MEAN);
        float[] means = new float[mean.length];
        for (int j = 0; j < means.length; j++) {
          means[j] = (float) mean[j];
        }
        NDArray bias =
            Kernels.of(PlannedBlocks.KERNELS)
                .call(
                    "mean_output",
                    weights.require(slot),
                    PlannedBlocks.indices(slices.indices()),
                    scope.array(means, means.length));
        biases.put(subLayer, bias.toFloatArray());
      }
    }
    return biases;
  }
}
