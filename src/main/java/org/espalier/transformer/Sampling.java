package org.espalier.transformer;

/** How the next token is chosen from its scores. */
public sealed interface Sampling {
  /** The token with the highest score; the lowest id among equals. */
  record Greedy() implements Sampling {}

  /**
   * A random token, reproducible by its seed.
   *
   * @param temperature scores are divided by it; above 0
   * @param topK only the best so many tokens are drawn from; 0 for all
   */
  record Random(long seed, double temperature, int topK) implements Sampling {
    public Random {
      if (!(temperature > 0) || topK < 0) {
        throw new IllegalArgumentException("temperature must be above 0 and topK not negative");
      }
    }
  }
}
