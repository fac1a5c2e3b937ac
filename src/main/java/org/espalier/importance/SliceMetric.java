package org.espalier.importance;

import java.util.Locale;
import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.statistics.GradientPass;
import org.espalier.statistics.HiddenNormPass;
import org.espalier.statistics.Salience;
import org.espalier.statistics.SliceNormCollector;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.transformer.SubLayer;

/** What one slice of one matrix counts for (LLM-Pruner, Ma et al., NeurIPS 2023, section 3.2). */
public enum SliceMetric {
  /** Sum of the absolute weights. */
  L1(SliceNormCollector.ABSOLUTE_SUM, false, false),
  /** Sum of the squared weights. */
  L2(SliceNormCollector.SQUARED_SUM, false, false),
  /** First-order change of the loss when the whole slice goes, without its sign. */
  VECTORIZE(Salience.FIRST_ORDER.statistic(), true, false),
  /** First-order changes of the loss, without their signs, over the single weights. */
  PARAM_FIRST(Salience.FIRST_ORDER_ABSOLUTE.statistic(), true, false),
  /** Second-order changes over the single weights, by the squared gradients of windows. */
  PARAM_SECOND(Salience.SECOND_ORDER.statistic(), true, true),
  /** First less half of the second order, without its sign, over the single weights. */
  PARAM_MIX(Salience.MIXED_ABSOLUTE.statistic(), true, true);

  private final String statistic;
  private final boolean gradients;
  private final boolean secondOrder;

  SliceMetric(String statistic, boolean gradients, boolean secondOrder) {
    this.statistic = statistic;
    this.gradients = gradients;
    this.secondOrder = secondOrder;
  }

  /** Whether it reads how the loss depends on the weights. */
  public boolean readsGradients() {
    return gradients;
  }

  /**
   * What a score is, for legends.
   *
   * @param weights whose
   */
  String statisticOf(String weights) {
    String metric = name().toLowerCase(Locale.ROOT);
    return gradients
        ? "Taylor expansion of the loss, " + metric + " over " + weights
        : metric.toUpperCase(Locale.ROOT) + " of " + weights;
  }

  Set<Collector> collectors() {
    return gradients ? Set.of() : Set.of(SliceNormCollector.INSTANCE);
  }

  /**
   * What must be measured in passes of its own.
   *
   * @param windows calibration windows for gradients, from the first; 0 for all
   */
  Set<SubLayerMeasurement> measurements(int windows) {
    return gradients ? Set.of(new GradientPass(windows, secondOrder)) : Set.of();
  }

  /** As {@link #measurements}, of slices that go with channels of the residual stream. */
  Set<SubLayerMeasurement> hiddenMeasurements(int windows) {
    return gradients
        ? Set.of(new GradientPass(windows, secondOrder, GradientPass.Slices.HIDDEN_CHANNELS))
        : Set.of(HiddenNormPass.INSTANCE);
  }

  /** What is measured of a slice. */
  String statistic() {
    return statistic;
  }

  /**
   * One value per slice, laid out as {@link org.espalier.statistics.CoupledSlices} says; higher is
   * more important.
   */
  double[] slices(Statistics statistics, SubLayer subLayer) {
    double[] values = statistics.vector(subLayer, statistic).clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return values;
  }
}
