package org.espalier.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.espalier.transformer.SubLayer;

/**
 * How far methods agree on what is important: for every two of them the rank correlation of their
 * scores, block by block.
 *
 * @param pairs every two methods once
 */
public record ScoreAgreement(List<Pair> pairs) {
  public ScoreAgreement {
    pairs = List.copyOf(pairs);
  }

  /**
   * Two methods.
   *
   * @param attention Spearman's correlation over the head groups of each block; NaN where one of
   *     both tells no units apart
   * @param feedForward the same over the channels
   */
  public record Pair(
      String first, String second, List<Double> attention, List<Double> feedForward) {
    public Pair {
      attention = List.copyOf(attention);
      feedForward = List.copyOf(feedForward);
    }

    /** Mean over all sub-layers where both tell units apart; NaN if there is none. */
    public double mean() {
      return DoubleStream.concat(
              attention.stream().mapToDouble(Double::doubleValue),
              feedForward.stream().mapToDouble(Double::doubleValue))
          .filter(Double::isFinite)
          .average()
          .orElse(Double.NaN);
    }
  }

  /**
   * Compares scores of one model.
   *
   * @param scores by name of the method, in the order to show
   */
  public static ScoreAgreement of(Map<String, ImportanceMap> scores) {
    List<String> names = List.copyOf(scores.keySet());
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        pairs.add(pair(names.get(i), names.get(j), scores));
      }
    }
    return new ScoreAgreement(pairs);
  }

  private static Pair pair(String first, String second, Map<String, ImportanceMap> scores) {
    ImportanceMap a = scores.get(first);
    ImportanceMap b = scores.get(second);
    return new Pair(
        first,
        second,
        IntStream.range(0, a.blocks()).mapToObj(i -> of(a, b, SubLayer.attention(i))).toList(),
        IntStream.range(0, a.blocks()).mapToObj(i -> of(a, b, SubLayer.feedForward(i))).toList());
  }

  private static double of(ImportanceMap a, ImportanceMap b, SubLayer subLayer) {
    return RankCorrelation.spearman(a.scores(subLayer), b.scores(subLayer));
  }
}
