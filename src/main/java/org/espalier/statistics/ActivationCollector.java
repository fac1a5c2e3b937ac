package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;
import org.espalier.transformer.WeightSlot;

/**
 * Mean, fluctuation, variance and norm of every input channel of the output projections.
 *
 * <p>Sums over tokens run in float32 on the device, window by window; what windows contribute is
 * gathered in double precision.
 */
public final class ActivationCollector implements Collector {
  public static final ActivationCollector INSTANCE = new ActivationCollector();

  private static final String KERNELS = "torchscript/statistics.py";

  private ActivationCollector() {}

  @Override
  public String id() {
    return "activations-2";
  }

  @Override
  public Set<String> names() {
    return Set.of(
        ActivationStatistics.MEAN,
        ActivationStatistics.RUNNING_FLUCTUATION,
        ActivationStatistics.VARIANCE,
        ActivationStatistics.SQUARED_NORM);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    return new Moments(
        Math.toIntExact(weights.require(WeightSlot.output(subLayer.kind())).getShape().get(1)));
  }

  /** Per channel, sums over the windows seen so far. */
  private static final class Moments implements Accumulator {
    private long windows;
    private long tokens;
    private final double[] means;
    private final double[] squaredMeans;
    private final double[] deviations;
    private final double[] fluctuations;

    Moments(int channels) {
      means = new double[channels];
      squaredMeans = new double[channels];
      deviations = new double[channels];
      fluctuations = new double[channels];
    }

    @Override
    public void observe(SubLayerActivations activations) {
      NDArray input = activations.units();
      try (TorchScope scope = TorchScope.open()) {
        int batch = (int) input.getShape().get(0);
        int length = (int) input.getShape().get(1);
        NDList moments = Kernels.of(KERNELS).callForList("moments", input);
        add(batch, length, moments.get(0).toFloatArray(), moments.get(1).toFloatArray());
      }
    }

    /**
     * Adds windows in order.
     *
     * @param mean over tokens, [batch, channels] row by row; likewise the squared deviations from
     *     it, summed over tokens
     */
    private void add(int batch, int length, float[] mean, float[] deviation) {
      for (int b = 0; b < batch; b++) {
        windows++;
        tokens += length;
        // The running average f <- f (n-1)/n + q/(n+1) of the published code, n windows before this
        // one, is a sum of q (k-1)/k over the windows k, divided by their number less one.
        double share = (windows - 1.0) / windows;
        int row = b * means.length;
        for (int j = 0; j < means.length; j++) {
          double m = mean[row + j];
          means[j] += m;
          squaredMeans[j] += length * m * m;
          deviations[j] += deviation[row + j];
          double distance = m - means[j] / windows;
          fluctuations[j] += share * (deviation[row + j] + length * distance * distance);
        }
      }
    }

    @Override
    public Map<String, double[]> finish() {
      int channels = means.length;
      double[] mean = new double[channels];
      double[] fluctuation = new double[channels];
      double[] variance = new double[channels];
      double[] norm = new double[channels];
      for (int j = 0; j < channels; j++) {
        mean[j] = means[j] / windows;
        fluctuation[j] = windows > 1 ? fluctuations[j] / (windows - 1) : 0;
        // Windows are equally long, so the mean of their means is the mean over tokens.
        double between = Math.max(0, squaredMeans[j] - tokens * mean[j] * mean[j]);
        variance[j] = tokens > 1 ? (deviations[j] + between) / (tokens - 1) : 0;
        // A window's squared norm is its squared deviation from the mean and that of the mean.
        norm[j] = (deviations[j] + squaredMeans[j]) / windows;
      }
      return Map.of(
          ActivationStatistics.MEAN, mean,
          ActivationStatistics.RUNNING_FLUCTUATION, fluctuation,
          ActivationStatistics.VARIANCE, variance,
          ActivationStatistics.SQUARED_NORM, norm);
    }

    @Override
    public void close() {
      // holds plain arrays only
    }
  }
}
