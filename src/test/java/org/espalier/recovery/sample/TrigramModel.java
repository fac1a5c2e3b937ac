package org.espalier.recovery.sample;

import java.util.HashMap;
import java.util.Map;

/**
 * What a language model has to beat: probabilities from the two tokens before, by interpolated
 * Kneser-Ney smoothing (Chen and Goodman, "An Empirical Study of Smoothing Techniques for Language
 * Modeling", section 3) with one discount for each order, estimated from the counts.
 */
final class TrigramModel {
  private final int vocabulary;
  private final Order trigrams;
  private final Order bigrams;
  private final Order unigrams;

  /** Counts of one order: of whole n-grams, and for each context its sum and its continuations. */
  private static final class Order {
    private final Map<Long, Integer> counts = new HashMap<>();
    private final Map<Long, Integer> sums = new HashMap<>();
    private final Map<Long, Integer> continuations = new HashMap<>();
    private double discount;

    /** Returns whether the n-gram is new. */
    boolean add(long context, long gram) {
      boolean isNew = counts.merge(gram, 1, Integer::sum) == 1;
      sums.merge(context, 1, Integer::sum);
      if (isNew) {
        continuations.merge(context, 1, Integer::sum);
      }
      return isNew;
    }

    void estimateDiscount() {
      double once = counts.values().stream().filter(count -> count == 1).count();
      double twice = counts.values().stream().filter(count -> count == 2).count();
      discount = once == 0 ? 0.5 : once / (once + 2 * twice);
    }

    double interpolate(long context, long gram, double lower) {
      Integer sum = sums.get(context);
      if (sum == null) {
        return lower;
      }
      double own = Math.max(counts.getOrDefault(gram, 0) - discount, 0) / sum;
      return own + discount * continuations.get(context) / sum * lower;
    }
  }

  TrigramModel(int[] ids, int vocabulary) {
    this.vocabulary = vocabulary;
    trigrams = new Order();
    bigrams = new Order();
    unigrams = new Order();
    for (int i = 2; i < ids.length; i++) {
      // Lower orders count in how many different contexts a token appears, not how often.
      if (trigrams.add(key(ids[i - 2], ids[i - 1]), key(ids[i - 2], ids[i - 1], ids[i]))
          && bigrams.add(ids[i - 1], key(ids[i - 1], ids[i]))) {
        unigrams.add(0, ids[i]);
      }
    }
    trigrams.estimateDiscount();
    bigrams.estimateDiscount();
    unigrams.estimateDiscount();
  }

  private long key(int... ids) {
    long key = 0;
    for (int id : ids) {
      key = key * vocabulary + id;
    }
    return key;
  }

  /** Probability of {@code next} after {@code first} and {@code second}. */
  double probability(int first, int second, int next) {
    double one = unigrams.interpolate(0, next, 1.0 / vocabulary);
    double two = bigrams.interpolate(second, key(second, next), one);
    return trigrams.interpolate(key(first, second), key(first, second, next), two);
  }

  /**
   * Perplexity over the tokens that are scored in windows of a stream (all but the first of each);
   * unlike a model that reads windows, it sees the two tokens before each token always.
   */
  double perplexity(int[] stream, int window) {
    double sum = 0;
    long scored = 0;
    for (int i = 0; i < stream.length / window * window; i++) {
      if (i % window != 0) {
        int first = i >= 2 ? stream[i - 2] : stream[i - 1];
        sum -= Math.log(probability(first, stream[i - 1], stream[i]));
        scored++;
      }
    }
    return Math.exp(sum / scored);
  }
}
