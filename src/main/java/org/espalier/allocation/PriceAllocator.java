package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.espalier.transformer.SubLayer;

/**
 * Removes where it is cheapest: units go in the order of their marginal price, the predicted change
 * of log-perplexity for what they weigh, so that in the end no sub-layer could give up a unit more
 * cheaply than another (the condition of Lagrange for the least predicted loss at the target). A
 * loss curve is read by its lower convex hull: where removing a little costs more than removing
 * much, the step is taken as a whole or left.
 */
public final class PriceAllocator implements Allocator {
  /** Points at which a curve is read; its prices are constant in between. */
  private static final int POINTS = 64;

  private static final String KEPT =
      "what the other sub-layers keep, as far as was measured, holds";

  private final PrunableModel model;
  private final List<SubLayer> subLayers;
  private final Surrogate surrogate;
  private final Function<SubLayer, Bounds> bounds;

  /** Units of one sub-layer that go at one price. */
  private record Step(int subLayer, int from, int to, double price) {}

  /**
   * @param bounds how few units each sub-layer may keep, whatever it costs
   */
  public PriceAllocator(
      PrunableModel model, Sensitivity sensitivity, Function<SubLayer, Bounds> bounds) {
    this.model = model;
    this.bounds = bounds;
    subLayers = model.subLayers();
    surrogate = new Surrogate(model, sensitivity);
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    int[] most = new int[subLayers.size()];
    for (int s = 0; s < most.length; s++) {
      int units = model.units(subLayers.get(s));
      int fewest = surrogate.fewest(subLayers.get(s)).orElse(units);
      int least = Math.min(units, bounds.apply(subLayers.get(s)).leastKept());
      most[s] = units - Math.max(least, fewest);
    }
    Demand demand = Demand.of(model, target, locks, most, Demand.LOCKS, KEPT);
    return demand.allocation(model, removed(demand, target.prunableRatio(model)));
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return bounds.apply(subLayer);
  }

  private int[] removed(Demand demand, double share) {
    List<Step> steps = new ArrayList<>();
    double[] weights = surrogate.weights(share);
    for (int s = 0; s < subLayers.size(); s++) {
      if (demand.removable()[s] > 0) {
        addSteps(steps, s, demand.removable()[s], demand.weights()[s], weights);
      }
    }
    // The sort is stable, so that the steps of one sub-layer stay in order.
    steps.sort(Comparator.comparingDouble(Step::price));
    int[] removed = new int[subLayers.size()];
    double missing = demand.wanted();
    for (Step step : steps) {
      // After the first step that does not fit whole, only smaller units may fill what is left.
      if (step.from() == removed[step.subLayer()]) {
        long weight = demand.weights()[step.subLayer()];
        int fitting = (int) Math.min(step.to() - step.from(), Math.max(0, missing / weight));
        removed[step.subLayer()] += fitting;
        missing -= (double) fitting * weight;
      }
    }
    takeNearest(demand, removed, missing);
    return removed;
  }

  /** One unit more where that brings the removed weight nearest to the target. */
  private static void takeNearest(Demand demand, int[] removed, double missing) {
    int best = -1;
    double nearest = Math.abs(missing);
    for (int s = 0; s < removed.length; s++) {
      double after = Math.abs(missing - demand.weights()[s]);
      if (removed[s] < demand.removable()[s] && after < nearest) {
        best = s;
        nearest = after;
      }
    }
    if (best >= 0) {
      removed[best]++;
    }
  }

  private void addSteps(List<Step> steps, int s, int removable, long weight, double[] weights) {
    SubLayer subLayer = subLayers.get(s);
    int units = model.units(subLayer);
    int count = Math.min(POINTS, removable);
    double[] losses = new double[count + 1];
    int[] places = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      places[i] = (int) ((long) removable * i / count);
      losses[i] = surrogate.loss(weights, subLayer, units - places[i]);
    }
    // Lower hull from left to right: a point above the line between its neighbours goes.
    int[] corners = new int[count + 1];
    int last = -1;
    for (int i = 0; i <= count; i++) {
      while (last > 0
          && slope(places, losses, corners[last - 1], corners[last])
              >= slope(places, losses, corners[last], i)) {
        last--;
      }
      corners[++last] = i;
    }
    for (int corner = 0; corner < last; corner++) {
      steps.add(
          new Step(
              s,
              places[corners[corner]],
              places[corners[corner + 1]],
              slope(places, losses, corners[corner], corners[corner + 1]) / weight));
    }
  }

  private static double slope(int[] places, double[] losses, int from, int to) {
    return (losses[to] - losses[from]) / (places[to] - places[from]);
  }
}
