package org.espalier.search;

import java.util.SplittableRandom;

/** One dimension of a {@link SearchSpace}. */
public sealed interface Variable {
  String name();

  /** A value drawn uniformly. */
  double draw(SplittableRandom random);

  /**
   * A number from a range, all alike likely before anything is known.
   *
   * @param low lowest value
   * @param high highest value, above the lowest
   */
  record Continuous(String name, double low, double high) implements Variable {
    public Continuous {
      if (!(low < high)) {
        throw new IllegalArgumentException(name + ": no range from " + low + " to " + high);
      }
    }

    @Override
    public double draw(SplittableRandom random) {
      return random.nextDouble(low, high);
    }
  }

  /**
   * One of several choices without an order; its value is the index of the choice.
   *
   * @param choices how many there are, at least 1
   */
  record Categorical(String name, int choices) implements Variable {
    public Categorical {
      if (choices < 1) {
        throw new IllegalArgumentException(name + ": no choices");
      }
    }

    @Override
    public double draw(SplittableRandom random) {
      return random.nextInt(choices);
    }
  }
}
