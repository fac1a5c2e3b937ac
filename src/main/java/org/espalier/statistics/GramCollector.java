package org.espalier.statistics;

import java.util.Map;
import java.util.Set;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerActivations;

/**
 * The Gram matrix of the inputs of the output projections (o_proj and down_proj), which least
 * squares and second-order methods read. Summed in double precision on the device.
 *
 * <p>It holds the square of the width of a sub-layer. Recipes that read it should follow a
 * sequential schedule, under which it is measured block by block and not kept.
 */
public final class GramCollector implements Collector {
  /** Mean over all tokens of x xᵀ, [inputs, inputs] row by row; not centred. */
  public static final String INPUT_GRAM = "input.gram";

  /** Mean over all tokens of x, [inputs]. */
  public static final String INPUT_MEAN = "input.gramMean";

  public static final GramCollector INSTANCE = new GramCollector();

  private GramCollector() {}

  @Override
  public String id() {
    return "gram-2";
  }

  @Override
  public Set<String> names() {
    return Set.of(INPUT_GRAM, INPUT_MEAN);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  @Override
  public Accumulator begin(SubLayer subLayer, BlockWeights weights) {
    return new Gram();
  }

  private static final class Gram implements Accumulator {
    private final SecondMoments moments = new SecondMoments();

    @Override
    public void observe(SubLayerActivations activations) {
      moments.add(activations.units());
    }

    @Override
    public Map<String, double[]> finish() {
      try (TorchScope scope = TorchScope.open()) {
        return Map.of(
            INPUT_GRAM, moments.secondMoment().toDoubleArray(),
            INPUT_MEAN, moments.mean().toDoubleArray());
      }
    }

    @Override
    public void close() {
      moments.close();
    }
  }
}
