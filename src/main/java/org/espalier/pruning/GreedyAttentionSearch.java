package org.espalier.pruning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.corpus.TokenWindows;
import org.espalier.statistics.SkippedLoss;
import org.espalier.statistics.SkippedLossPass;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;

/**
 * As many attention sub-layers go as the preview removes, one by one: always the one without which
 * the model, pruned so far, predicts best; all others are judged again after each (2SSP, second
 * stage).
 *
 * @param pass which windows are predicted
 */
record GreedyAttentionSearch(SkippedLossPass pass) implements AllocationSearch {
  @Override
  public Allocation search(
      Allocation preview,
      Locks locks,
      Decoder dense,
      Function<Allocation, Decoder> pruned,
      TokenWindows windows,
      Progress progress) {
    List<Integer> kept = new ArrayList<>(preview.keptHeadGroups());
    List<SubLayer> candidates = new ArrayList<>();
    int rounds = 0;
    for (int block = 0; block < kept.size(); block++) {
      SubLayer attention = SubLayer.attention(block);
      int units = dense.blocks().shape(block).headGroups();
      if (locks.of(attention).isEmpty() && locks.pickedOf(attention).isEmpty() && units > 0) {
        candidates.add(attention);
        rounds += kept.get(block) == 0 ? 1 : 0;
        kept.set(block, units);
      }
    }
    for (int round = 1; round <= rounds; round++) {
      String stage = "Attention " + round + " of " + rounds + " to remove: ";
      Map<SubLayer, Double> losses =
          SkippedLoss.without(
              pruned.apply(new Allocation(kept, preview.keptChannels())),
              pass.used(windows),
              candidates,
              (what, done, total) -> progress.report(stage + what, done, total));
      SubLayer best =
          candidates.stream().min(Comparator.comparingDouble(losses::get)).orElseThrow();
      candidates.remove(best);
      kept.set(best.block(), 0);
    }
    return new Allocation(kept, preview.keptChannels());
  }
}
