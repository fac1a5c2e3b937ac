package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Which blocks go when so many are to go. */
public enum BlockOrder {
  /** Those with the lowest scores, wherever they are. */
  LOWEST_SCORE {
    @Override
    List<Set<Integer>> choices(SubLayerScores scores, int blocks, IntPredicate mayGo) {
      List<Integer> ascending =
          IntStream.range(0, blocks)
              .filter(mayGo)
              .boxed()
              .sorted(Comparator.comparingDouble(block -> score(scores, block)))
              .toList();
      List<Set<Integer>> choices = new ArrayList<>();
      for (int count = 0; count <= ascending.size(); count++) {
        choices.add(new TreeSet<>(ascending.subList(0, count)));
      }
      return choices;
    }
  },
  /** A run of neighbours that together change the residual stream least. */
  CONTIGUOUS {
    @Override
    List<Set<Integer>> choices(SubLayerScores scores, int blocks, IntPredicate mayGo) {
      List<Set<Integer>> choices = new ArrayList<>();
      choices.add(Set.of());
      for (int count = 1; count <= blocks; count++) {
        int length = count;
        IntStream.rangeClosed(0, blocks - count)
            .filter(first -> IntStream.range(first, first + length).allMatch(mayGo))
            .boxed()
            .min(
                Comparator.comparingDouble(
                    (Integer first) -> scores.spans().get(first)[length - 1]))
            .ifPresent(
                first ->
                    choices.add(
                        new TreeSet<>(IntStream.range(first, first + length).boxed().toList())));
      }
      return choices;
    }
  };

  /**
   * One set of blocks for every number of blocks that can go, from none.
   *
   * @param mayGo whether a block may be among them
   */
  abstract List<Set<Integer>> choices(SubLayerScores scores, int blocks, IntPredicate mayGo);

  private static double score(SubLayerScores scores, int block) {
    return IntStream.range(0, SubLayerKind.values().length)
        .mapToObj(kind -> new SubLayer(block, SubLayerKind.values()[kind]))
        .flatMap(subLayer -> scores.of(subLayer).stream())
        .mapToDouble(SubLayerScore::score)
        .min()
        .orElseThrow(() -> new IllegalArgumentException("no score for block " + block));
  }
}
