package org.espalier.allocation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Every sub-layer loses a share of its units that falls with its worth u: {@code p_b = min(cap_b,
 * s·exp(-u_b / tau))}, with the one s at which the shares together meet the target, found by
 * bisection. A share so high that less than one unit would stay takes the whole sub-layer. Whole
 * units come from largest remainders. A reconstruction of "block-wise pruning ratio assignment" in
 * Yang et al., ICML 2025.
 */
public final class WaterFillingAllocator implements Allocator {
  /** Absorbs what rounding adds to a share that means a whole number of units. */
  private static final double ROUNDING = 1e-9;

  /** Keeps a kind without any score from taking infinitely much. */
  private static final double EPSILON = 1e-6;

  private static final String KEPT =
      "what the other sub-layers keep, because their blocks are protected or by the highest share"
          + " that may go, holds";

  private final PrunableModel model;
  private final List<SubLayer> subLayers;
  private final double[] exponents;
  private final double[] caps;
  private final SubLayerRemoval removal;
  private final String limitBecause;
  private final IntFunction<String> blockLimit;

  /**
   * How shares follow from worth.
   *
   * @param tau above 0; the smaller, the more the shares differ
   * @param highest share that a sub-layer may lose, above 0 to 1
   * @param firstProtected blocks at the input that may lose no more than {@code protectedHighest}
   * @param lastProtected blocks at the output that may lose no more than {@code protectedHighest}
   * @param protectedHighest share that a sub-layer of a protected block may lose, 0 to 1
   * @param split whether attention and feed-forward sub-layers compete
   */
  public record Settings(
      double tau,
      double highest,
      int firstProtected,
      int lastProtected,
      double protectedHighest,
      Split split) {
    /** The share that a sub-layer of a block may lose. */
    public double cap(int block, int blocks) {
      return isProtected(block, blocks) ? Math.min(highest, protectedHighest) : highest;
    }

    private boolean isProtected(int block, int blocks) {
      return block < firstProtected || block >= blocks - lastProtected;
    }

    private String limit(int block, int blocks) {
      if (isProtected(block, blocks)) {
        return "the method protects the first and last blocks";
      }
      return highest < 1 ? "the method limits what one sub-layer may lose" : "";
    }
  }

  /** How what is to be removed divides between attention and feed-forward sub-layers. */
  public enum Split {
    /** All sub-layers compete by their worth. */
    JOINT,
    /**
     * First each kind gets its part of the parameters to be removed, in proportion to {@code C/I}
     * with its mean share C of the cost and its mean share I of the score; then the sub-layers of a
     * kind compete. What caps and locks keep a kind from losing goes to the other.
     */
    BY_KIND
  }

  /**
   * @param scores of all sub-layers that have units
   */
  public WaterFillingAllocator(
      PrunableModel model, SubLayerScores scores, Settings settings, SubLayerRemoval removal) {
    this(
        model,
        exponents(model, scores, settings),
        caps(model, settings, removal),
        removal,
        KEPT,
        block -> settings.limit(block, model.blocks().size()));
  }

  /**
   * Shares from exponents alone: {@code p = min(cap, s·exp(exponent))}. Arrays by sub-layer follow
   * {@link PrunableModel#subLayers()}.
   *
   * @param caps highest share that each may lose
   * @param limitBecause what keeps the others, for the message of an infeasible target
   * @param blockLimit what limits the sub-layers of a block, for {@link Bounds}; empty for nothing
   */
  WaterFillingAllocator(
      PrunableModel model,
      double[] exponents,
      double[] caps,
      SubLayerRemoval removal,
      String limitBecause,
      IntFunction<String> blockLimit) {
    this.model = model;
    this.exponents = exponents;
    this.caps = caps;
    this.removal = removal;
    this.limitBecause = limitBecause;
    this.blockLimit = blockLimit;
    subLayers = model.subLayers();
  }

  private static double[] exponents(PrunableModel model, SubLayerScores scores, Settings settings) {
    List<SubLayer> subLayers = model.subLayers();
    double[] exponents = new double[subLayers.size()];
    for (int s = 0; s < exponents.length; s++) {
      if (model.units(subLayers.get(s)) > 0) {
        exponents[s] = -score(scores, subLayers.get(s)).worth() / settings.tau();
      }
    }
    if (settings.split() == Split.BY_KIND) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        weighKind(kind, model, scores, exponents);
      }
    }
    return exponents;
  }

  private static SubLayerScore score(SubLayerScores scores, SubLayer subLayer) {
    return scores
        .of(subLayer)
        .orElseThrow(() -> new IllegalArgumentException("no score for " + subLayer));
  }

  /** Shifts the exponents of a kind, so that together its sub-layers lose in proportion to C/I. */
  private static void weighKind(
      SubLayerKind kind, PrunableModel model, SubLayerScores scores, double[] exponents) {
    List<SubLayer> subLayers = model.subLayers();
    int[] ofKind =
        IntStream.range(0, exponents.length)
            .filter(s -> subLayers.get(s).kind() == kind && model.units(subLayers.get(s)) > 0)
            .toArray();
    double share = 0;
    double costShare = 0;
    double unshifted = 0;
    for (int s : ofKind) {
      SubLayer subLayer = subLayers.get(s);
      share += score(scores, subLayer).share() / ofKind.length;
      costShare += score(scores, subLayer).costShare() / ofKind.length;
      unshifted +=
          model.units(subLayer) * model.parametersPerUnit(subLayer) * Math.exp(exponents[s]);
    }
    double shift = Math.log(costShare / (share + EPSILON)) - Math.log(unshifted);
    for (int s : ofKind) {
      exponents[s] += shift;
    }
  }

  private static double[] caps(PrunableModel model, Settings settings, SubLayerRemoval removal) {
    int blocks = model.blocks().size();
    return model.subLayers().stream()
        .mapToDouble(
            subLayer -> {
              int units = model.units(subLayer);
              return units == 0
                  ? 0
                  : Math.min(
                      settings.cap(subLayer.block(), blocks),
                      (double) removal.removable(units) / units);
            })
        .toArray();
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    Demand demand = demand(target, locks);
    return demand.allocation(model, units(demand));
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    int units = model.units(subLayer);
    int least = units - most(subLayers.indexOf(subLayer));
    if (least == 0) {
      return Bounds.NONE;
    }
    String limit = blockLimit.apply(subLayer.block());
    return limit.isEmpty() ? removal.bounds(units) : new Bounds(least, limit);
  }

  /**
   * The shares of units that the free sub-layers lose, before they are rounded to whole units.
   *
   * @throws InfeasibleTargetException as {@link #allocate}
   */
  public Map<SubLayer, Double> ratios(Target target, Locks locks) {
    Demand demand = demand(target, locks);
    double[] ratios = fill(demand.weights(), free(demand), demand.wanted());
    Map<SubLayer, Double> named = new HashMap<>();
    for (int s = 0; s < ratios.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      if (locks.of(subLayer).isEmpty() && model.units(subLayer) > 0) {
        named.put(subLayer, ratios[s]);
      }
    }
    return named;
  }

  private Demand demand(Target target, Locks locks) {
    int[] most = new int[caps.length];
    for (int s = 0; s < most.length; s++) {
      most[s] = most(s);
    }
    return Demand.of(model, target, locks, most, Demand.LOCKS, limitBecause);
  }

  private int most(int s) {
    return (int) (caps[s] * model.units(subLayers.get(s)) + ROUNDING);
  }

  /** Sub-layers that can lose something. */
  private static boolean[] free(Demand demand) {
    boolean[] free = new boolean[demand.removable().length];
    for (int s = 0; s < free.length; s++) {
      free[s] = demand.removable()[s] > 0;
    }
    return free;
  }

  /**
   * Shares of the free sub-layers that together weigh {@code wanted}, or as near as caps let them.
   */
  private double[] fill(long[] weights, boolean[] free, double wanted) {
    // Bisection on log s: worths may be far apart.
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < free.length; s++) {
      if (free[s]) {
        double full = Math.log(caps[s]) - exponents[s];
        low = Math.min(low, full - 60);
        high = Math.max(high, full);
      }
    }
    if (wanted <= 0) {
      return new double[free.length];
    }
    for (double middle = (low + high) / 2;
        low < middle && middle < high;
        middle = (low + high) / 2) {
      if (weight(weights, free, shares(free, middle)) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return shares(free, high);
  }

  private double[] shares(boolean[] free, double logScale) {
    double[] shares = new double[free.length];
    for (int s = 0; s < shares.length; s++) {
      shares[s] = free[s] ? Math.min(caps[s], Math.exp(logScale + exponents[s])) : 0;
    }
    return shares;
  }

  private double weight(long[] weights, boolean[] free, double[] shares) {
    double weight = 0;
    for (int s = 0; s < shares.length; s++) {
      if (free[s]) {
        weight += shares[s] * model.units(subLayers.get(s)) * weights[s];
      }
    }
    return weight;
  }

  private int[] units(Demand demand) {
    long[] weights = demand.weights();
    boolean[] free = free(demand);
    int[] removed = removeWhole(demand, free);
    double wanted = demand.wanted();
    double[] exact = new double[removed.length];
    for (int s = 0; s < removed.length; s++) {
      wanted -= (double) removed[s] * weights[s];
      exact[s] = removed[s];
    }
    double[] shares = fill(weights, free, wanted);
    for (int s = 0; s < removed.length; s++) {
      if (free[s]) {
        exact[s] = shares[s] * model.units(subLayers.get(s));
        removed[s] = Math.min(demand.removable()[s], (int) (exact[s] + ROUNDING));
        wanted -= (double) removed[s] * weights[s];
      }
    }
    settle(weights, demand.removable(), exact, removed, wanted);
    return removed;
  }

  /**
   * Takes sub-layers whose share leaves less than one of several units, the highest shares first,
   * as long as the target has room for them; they are no longer free.
   */
  private int[] removeWhole(Demand demand, boolean[] free) {
    int[] removed = new int[free.length];
    if (removal == SubLayerRemoval.FORBIDDEN) {
      return removed;
    }
    double[] shares = fill(demand.weights(), free, demand.wanted());
    List<Integer> whole = new ArrayList<>();
    for (int s = 0; s < free.length; s++) {
      int units = model.units(subLayers.get(s));
      if (free[s] && units > 1 && demand.removable()[s] == units && shares[s] > 1 - 1.0 / units) {
        whole.add(s);
      }
    }
    whole.sort((a, b) -> Double.compare(shares[b], shares[a]));
    double room = demand.wanted();
    for (int s : whole) {
      double weight = (double) demand.removable()[s] * demand.weights()[s];
      if (weight <= room) {
        room -= weight;
        removed[s] = demand.removable()[s];
        free[s] = false;
      }
    }
    return removed;
  }

  /**
   * Adds or takes back single units, always where the exact number of units is furthest from the
   * whole one, while that brings the removed weight nearer to the target.
   */
  private static void settle(
      long[] weights, int[] removable, double[] exact, int[] removed, double wanted) {
    double missing = wanted;
    while (true) {
      int direction = missing > 0 ? 1 : -1;
      double distance = Math.abs(missing);
      int best =
          IntStream.range(0, removed.length)
              .filter(s -> direction > 0 ? removed[s] < removable[s] : removed[s] > 0)
              .filter(s -> weights[s] < 2 * distance)
              .boxed()
              .max(
                  (a, b) ->
                      Double.compare(
                          direction * (exact[a] - removed[a]), direction * (exact[b] - removed[b])))
              .orElse(-1);
      if (best < 0) {
        return;
      }
      removed[best] += direction;
      missing -= direction * weights[best];
    }
  }
}
