package org.espalier.pruning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.WaterFillingAllocator;
import org.espalier.corpus.TokenWindows;
import org.espalier.importance.TransferEntropyScorer;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Removes a little at a time from the sub-layer with the least transfer entropy for its remaining
 * cost. Transfer entropies are measured anew on the pruned model after every tenth of the way; a
 * step takes a hundredth of the parameters of all units. Locked and hand-picked sub-layers stay as
 * the preview has them.
 *
 * @param judge of sub-layers
 * @param settings whose highest shares hold here too
 */
record IterativeEntropySearch(
    TransferEntropyScorer judge, WaterFillingAllocator.Settings settings, SubLayerRemoval removal)
    implements AllocationSearch {
  private static final int ROUNDS = 10;
  private static final double STEP = 0.01;

  @Override
  public Allocation search(
      Allocation preview,
      Locks locks,
      Decoder dense,
      Function<Allocation, Decoder> pruned,
      TokenWindows windows,
      Progress progress) {
    Statistics costs = new Statistics(Map.of());
    for (SubLayerMeasurement cost : judge.costMeasurements()) {
      costs = costs.with(cost.measure(dense, windows, PassJournal.NONE, progress));
    }
    Way way = new Way(preview, locks, dense, costs);
    String time = judge.entropies().expectedTime(dense, windows, ROUNDS, progress);
    for (int round = 0; round < ROUNDS; round++) {
      String stage =
          "Transfer entropy, measurement %d of %d, about %s in all"
              .formatted(round + 1, ROUNDS, time);
      long before = round;
      Statistics entropies =
          judge
              .entropies()
              .measure(
                  pruned.apply(way.allocation()),
                  windows,
                  PassJournal.NONE,
                  (what, done, total) ->
                      progress.report(stage, before * total + done, ROUNDS * total));
      way.advance((round + 1.0) / ROUNDS, entropies);
    }
    return way.allocation();
  }

  /** How far the model is pruned. */
  private final class Way {
    private final List<SubLayer> subLayers;
    private final int[] units;
    private final int[] kept;
    private final int[] least;
    private final long[] weights;
    private final double[] costs;
    private final double wanted;
    private final double step;
    private double removed;

    Way(Allocation preview, Locks locks, Decoder dense, Statistics costStatistics) {
      int blocks = preview.blocks();
      subLayers =
          IntStream.range(0, blocks)
              .boxed()
              .flatMap(b -> Stream.of(SubLayer.attention(b), SubLayer.feedForward(b)))
              .toList();
      units = new int[subLayers.size()];
      kept = new int[units.length];
      least = new int[units.length];
      weights = new long[units.length];
      costs = new double[units.length];
      double all = 0;
      double toGo = 0;
      for (int s = 0; s < units.length; s++) {
        SubLayer subLayer = subLayers.get(s);
        BlockShape shape = dense.blocks().shape(subLayer.block());
        units[s] = shape.units(subLayer.kind());
        weights[s] = parameters(subLayer, shape, dense) / Math.max(1, units[s]);
        all += (double) weights[s] * units[s];
        if (locks.of(subLayer).isPresent() || !locks.pickedOf(subLayer).isEmpty()) {
          kept[s] = preview.kept(subLayer);
          least[s] = kept[s];
        } else {
          kept[s] = units[s];
          double cap = settings.cap(subLayer.block(), blocks) * units[s];
          least[s] =
              units[s] == 0
                  ? 0
                  : units[s]
                      - Math.min(
                          (int) (cap + 1e-9),
                          removal == SubLayerRemoval.ALLOWED ? units[s] : units[s] - 1);
          toGo += (double) weights[s] * (units[s] - preview.kept(subLayer));
          if (units[s] > 0) {
            costs[s] = judge.cost(subLayer, dense.config(), costStatistics);
          }
        }
      }
      wanted = toGo;
      step = STEP * all;
    }

    private static long parameters(SubLayer subLayer, BlockShape shape, Decoder dense) {
      return Arrays.stream(WeightSlot.values())
          .filter(slot -> slot.kind() == subLayer.kind() && UnitSlices.isCut(slot))
          .filter(slot -> !slot.isBias())
          .mapToLong(
              slot -> slot.elements(shape, dense.config().hiddenSize(), dense.config().headSize()))
          .sum();
    }

    /** Removes until a share of what is wanted is gone. */
    void advance(double share, Statistics entropies) {
      Map<Integer, Double> known = new HashMap<>();
      for (int s = 0; s < units.length; s++) {
        if (kept[s] > least[s]) {
          known.put(s, judge.entropy(subLayers.get(s), entropies));
        }
      }
      while (true) {
        double missing = share * wanted - removed;
        int next =
            known.keySet().stream()
                .filter(s -> kept[s] > least[s] && weights[s] < 2 * missing)
                .min((a, b) -> Double.compare(worth(a, known.get(a)), worth(b, known.get(b))))
                .orElse(-1);
        if (next < 0) {
          return;
        }
        int going = Math.max(1, (int) (Math.min(step, missing) / weights[next]));
        going = Math.min(going, kept[next] - least[next]);
        kept[next] -= going;
        removed += (double) going * weights[next];
      }
    }

    /** Transfer entropy for what the rest of a sub-layer costs. */
    private double worth(int s, double entropy) {
      return entropy / (costs[s] * kept[s] / units[s]);
    }

    Allocation allocation() {
      return new Allocation(kept(SubLayerKind.ATTENTION), kept(SubLayerKind.FEED_FORWARD));
    }

    private List<Integer> kept(SubLayerKind kind) {
      return IntStream.range(0, kept.length)
          .filter(s -> subLayers.get(s).kind() == kind)
          .mapToObj(s -> kept[s])
          .toList();
    }
  }
}
