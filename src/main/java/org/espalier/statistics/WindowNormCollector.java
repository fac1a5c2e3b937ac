package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;
import org.espalier.transformer.WeightSlot;

/** The 2-norm over a window of what output projections read, averaged over windows. */
public final class WindowNormCollector implements Collector {
  /** Mean over windows of the 2-norm over the window's tokens; one value per input channel. */
  public static final String NORM = "input.windowNorm";

  public static final WindowNormCollector INSTANCE = new WindowNormCollector();

  private WindowNormCollector() {}

  @Override
  public String id() {
    return "windowNorm-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(NORM);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    WeightSlot output = WeightSlot.output(subLayer.kind());
    return new Norms(Math.toIntExact(weights.require(output).getShape().get(1)));
  }

  private static final class Norms implements Accumulator {
    private final double[] sums;
    private long windows;

    Norms(int channels) {
      sums = new double[channels];
    }

    @Override
    public void observe(SubLayerActivations activations) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray norms = activations.units().square().sum(new int[] {1}).sqrt();
        windows += norms.getShape().get(0);
        float[] added = norms.sum(new int[] {0}).toFloatArray();
        for (int j = 0; j < sums.length; j++) {
          sums[j] += added[j];
        }
      }
    }

    @Override
    public Map<String, double[]> finish() {
      double[] means = new double[sums.length];
      for (int j = 0; j < means.length; j++) {
        means[j] = sums[j] / windows;
      }
      return Map.of(NORM, means);
    }

    @Override
    public void close() {
      // holds plain arrays only
    }
  }
}
