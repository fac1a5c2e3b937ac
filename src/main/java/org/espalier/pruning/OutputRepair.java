package org.espalier.pruning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the output projection of one pruned sub-layer is repaired, in this order: its kept columns
 * are replaced, its rows are scaled, its bias is added to.
 *
 * <p>Arrays are shared, not copied: treat them as read-only.
 *
 * @param weight replaces the output projection, [d, kept inputs] row by row (least squares)
 * @param scale one factor per hidden channel (affine regression)
 * @param bias one value per hidden channel, added to the output bias (FLAP, section 3.3)
 */
public record OutputRepair(
    Optional<float[]> weight, Optional<float[]> scale, Optional<float[]> bias) {
  private static final String WEIGHT = ".weight";
  private static final String SCALE = ".scale";

  public static OutputRepair bias(float[] bias) {
    return new OutputRepair(Optional.empty(), Optional.empty(), Optional.of(bias));
  }

  /** Rows times {@code scale}, then {@code bias} added. */
  public static OutputRepair affine(float[] scale, float[] bias) {
    return new OutputRepair(Optional.empty(), Optional.of(scale), Optional.of(bias));
  }

  /**
   * A new output projection of the kept units.
   *
   * @param weight [d, kept inputs] row by row
   */
  public static OutputRepair replacement(float[] weight, Optional<float[]> bias) {
    return new OutputRepair(Optional.of(weight), Optional.empty(), bias);
  }

  /** Whether only the bias changes. */
  public boolean isBiasOnly() {
    return weight.isEmpty() && scale.isEmpty();
  }

  /** As named vectors for files; the bias has the bare name. */
  Map<String, double[]> vectors(String name) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    bias.ifPresent(values -> vectors.put(name, doubles(values)));
    scale.ifPresent(values -> vectors.put(name + SCALE, doubles(values)));
    weight.ifPresent(values -> vectors.put(name + WEIGHT, doubles(values)));
    return vectors;
  }

  /** What {@link #vectors} gave, if it is among those of a file. */
  static Optional<OutputRepair> of(Map<String, double[]> vectors, String name) {
    OutputRepair repair =
        new OutputRepair(
            floats(vectors.get(name + WEIGHT)),
            floats(vectors.get(name + SCALE)),
            floats(vectors.get(name)));
    return repair.isBiasOnly() && repair.bias().isEmpty() ? Optional.empty() : Optional.of(repair);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static Optional<float[]> floats(double[] values) {
    if (values == null) {
      return Optional.empty();
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return Optional.of(floats);
  }
}
