package org.espalier.pruning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.statistics.Collector;
import org.espalier.statistics.ContributionCovariances;
import org.espalier.statistics.GramCollector;
import org.espalier.torch.TorchScope;

/**
 * Starts from the units with the highest scores and tries to exchange them: every removed unit, the
 * lowest score first, takes the place of the kept unit with which the output of the kept ones
 * correlates best with the whole output, if that is better than before. One sweep (SlimLLM,
 * algorithm 1).
 */
final class GreedySwapSelector implements Selector {
  static final GreedySwapSelector INSTANCE = new GreedySwapSelector();

  private GreedySwapSelector() {}

  @Override
  public Set<Collector> collectors() {
    return Set.of(GramCollector.INSTANCE);
  }

  @Override
  public UnitSet select(MeasuredSubLayer subLayer, double[] scores, int kept) {
    List<Integer> ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer unit) -> scores[unit]))
            .toList();
    List<Integer> removed = ascending.subList(0, scores.length - kept);
    List<Integer> chosen = new ArrayList<>(ascending.subList(removed.size(), scores.length));
    Collections.reverse(chosen);
    try (TorchScope scope = TorchScope.open()) {
      ContributionCovariances covariances =
          ContributionCovariances.of(
              subLayer.outputWeight(), subLayer.inputCovariance(), subLayer.units());
      double best = covariances.similarities(set(chosen, scores.length))[0];
      for (int candidate : removed) {
        boolean[][] exchanged = new boolean[kept][];
        for (int place = 0; place < kept; place++) {
          exchanged[place] = set(chosen, scores.length);
          exchanged[place][chosen.get(place)] = false;
          exchanged[place][candidate] = true;
        }
        double[] similarities = covariances.similarities(exchanged);
        int better = -1;
        for (int place = 0; place < kept; place++) {
          if (similarities[place] > best) {
            best = similarities[place];
            better = place;
          }
        }
        if (better >= 0) {
          chosen.set(better, candidate);
        }
      }
    }
    return UnitSet.of(chosen.stream().mapToInt(Integer::intValue).toArray());
  }

  private static boolean[] set(List<Integer> units, int count) {
    boolean[] set = new boolean[count];
    units.forEach(unit -> set[unit] = true);
    return set;
  }
}
