package org.espalier.search;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Points drawn uniformly, whatever was found: what every other search must beat. */
public record RandomSearch(SearchSpace space, long seed) implements Suggester {
  @Override
  public Map<String, Double> suggest(List<Trial> history) {
    return space.draw(random(seed, history.size()));
  }

  /** A stream of its own for every seed and trial. */
  static SplittableRandom random(long seed, int trial) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + trial);
  }
}
