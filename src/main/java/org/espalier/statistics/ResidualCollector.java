package org.espalier.statistics;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Set;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;

/** How much the residual stream carries behind each sub-layer. */
public final class ResidualCollector implements Collector {
  /**
   * Mean over all tokens of the logarithm of the squared 2-norm of the residual stream behind the
   * sub-layer; one value. The logarithm keeps a few tokens of huge norm, which many models have,
   * from deciding it.
   */
  public static final String LOG_ENERGY = "residual.logEnergy";

  public static final ResidualCollector INSTANCE = new ResidualCollector();

  private static final String KERNELS = "torchscript/statistics.py";

  private ResidualCollector() {}

  @Override
  public String id() {
    return "residual-1";
  }

  @Override
  public Set<String> names() {
    return Set.of(LOG_ENERGY);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    return new LogEnergy();
  }

  private static final class LogEnergy implements Accumulator {
    private double sum;
    private long tokens;

    @Override
    public void observe(SubLayerActivations activations) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray output = activations.output();
        sum += Kernels.of(KERNELS).callForDouble("log_energy", output);
        tokens += output.getShape().get(0) * output.getShape().get(1);
      }
    }

    @Override
    public Map<String, double[]> finish() {
      return Map.of(LOG_ENERGY, new double[] {sum / tokens});
    }

    @Override
    public void close() {
      // holds plain numbers only
    }
  }
}
