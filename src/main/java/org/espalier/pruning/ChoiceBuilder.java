package org.espalier.pruning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.espalier.statistics.Statistics;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Gathers decisions, sub-layer by sub-layer; what is not decided keeps all. */
final class ChoiceBuilder {
  private static final String KEPT = "kept";
  private static final String REPAIR = "repair";

  private final List<BlockPlan> blocks = new ArrayList<>();
  private final Map<SubLayer, OutputRepair> repairs = new HashMap<>();

  /**
   * @param dense shapes of the blocks before pruning
   */
  ChoiceBuilder(List<BlockShape> dense) {
    dense.forEach(shape -> blocks.add(BlockPlan.keepAll(shape)));
  }

  void decide(SubLayer subLayer, UnitSet kept, Optional<OutputRepair> repair) {
    BlockPlan plan = blocks.get(subLayer.block());
    blocks.set(
        subLayer.block(),
        subLayer.kind() == SubLayerKind.ATTENTION
            ? new BlockPlan(plan.dense(), kept, plan.channels())
            : new BlockPlan(plan.dense(), plan.headGroups(), kept));
    repair.ifPresent(present -> repairs.put(subLayer, present));
  }

  Pruner.Choice build() {
    return new Pruner.Choice(blocks, new Compensation(repairs));
  }

  /** All decisions as vectors, for a journal. */
  Statistics remembered() {
    Map<SubLayer, Map<String, double[]>> vectors = new HashMap<>();
    for (int block = 0; block < blocks.size(); block++) {
      BlockPlan plan = blocks.get(block);
      remember(vectors, SubLayer.attention(block), plan.headGroups());
      remember(vectors, SubLayer.feedForward(block), plan.channels());
    }
    return new Statistics(vectors);
  }

  private void remember(
      Map<SubLayer, Map<String, double[]>> vectors, SubLayer subLayer, UnitSet kept) {
    BlockShape dense = blocks.get(subLayer.block()).dense();
    if (kept.size() == dense.units(subLayer.kind())) {
      return;
    }
    Map<String, double[]> named = new LinkedHashMap<>();
    named.put(KEPT, IntStream.of(kept.toArray()).asDoubleStream().toArray());
    OutputRepair repair = repairs.get(subLayer);
    if (repair != null) {
      named.putAll(repair.vectors(REPAIR));
    }
    vectors.put(subLayer, named);
  }

  /** Takes back what {@link #remembered} gave. */
  void recall(Statistics remembered) {
    for (SubLayer subLayer : remembered.subLayers()) {
      Map<String, double[]> named = remembered.of(subLayer);
      int[] kept = DoubleStream.of(named.get(KEPT)).mapToInt(unit -> (int) unit).toArray();
      decide(subLayer, UnitSet.of(kept), OutputRepair.of(named, REPAIR));
    }
  }
}
